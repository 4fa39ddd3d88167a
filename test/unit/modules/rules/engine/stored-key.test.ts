import { describe, expect, it } from "vitest";
import { newInstance } from "../../../../../src/modules/rules/engine/instances/instance.ts";
import { type KeyState, newKeyState } from "../../../../../src/modules/rules/engine/state.ts";
import { readKeyState, writeKeyState } from "../../../../../src/modules/rules/engine/stored/stored-key.ts";
import { withHeld } from "../../../../../src/modules/rules/engine/trace.rules.ts";
import type { WindowState } from "../../../../../src/modules/rules/engine/windows/window-state.ts";

const day = Date.UTC(2026, 0, 1);
const back = (state: KeyState) => readKeyState(writeKeyState(state));
const withWindow = (window: WindowState): KeyState => ({ ...newKeyState(["a"], day), window });

describe("the row of a key", () => {
  it("gives back what an instance has come to, and leaves out what it hasn't", () => {
    const firing = {
      ...newInstance({ host: "a" }, day),
      status: "firing" as const,
      firedAt: day,
      changes: 3,
    };
    const state = { ...newKeyState(["a", 1, null], day), at: day, instances: { "": firing } };
    expect(back(state)).toEqual(state);
    expect(writeKeyState(state)).not.toContain("pausedMs");
  });

  it("gives back windows of every kind", () => {
    const sums = { n: 2, ignored: 1, sum: 0.1, rest: -2.7e-17 };
    const ends = { n: 1, ignored: 0, first: [day, "", 1, "x"] as const, last: [day, "", 1, "x"] as const };
    const points = { n: 1, ignored: 0, points: [day, 1, 0.5], sequences: ["7"] };
    const counts = { n: 1, ignored: 0, counts: { "string x": [1, 0, 0] } };
    const cells = structuredClone([sums, ends, points, counts]) as never;
    const panes = [
      { start: day, end: day + 5000, cells },
      { start: day + 9000, end: day + 14_000, cells },
    ];
    const windows: WindowState[] = [
      { kind: "continuous", panes },
      { kind: "grid", panes, firedTo: day, fired: [[day, 2]], earlyAt: null, empty: true },
      { kind: "grid", panes: [], firedTo: null, fired: [], earlyAt: null, empty: false },
      { kind: "deque", chunks: [{ events: [[day, "", 1, [5, []]]], cells }], size: 1, truncatedUntil: null },
      { kind: "session", sessions: [{ start: day, end: day + 1, cells, revision: null, due: true }] },
      { kind: "batch", n: 3, start: day, end: day + 1, cells },
    ];
    for (const window of windows) expect(back(withWindow(window))).toEqual(withWindow(window));
  });

  it("leaves out what panes come to together, which is worked out anew", () => {
    const cells = [{ n: 1, ignored: 0 }];
    const panes = [{ start: day, end: day + 5000, cells }];
    const sealed = { first: day, count: 1, cells };
    expect(back(withWindow({ kind: "continuous", panes, sealed })).window).toEqual({
      kind: "continuous",
      panes,
    });
  });

  it("gives back matches under way, also those that have taken nothing yet", () => {
    const pattern = {
      events: [
        [1, "/a", "e1", day],
        [2, "/a", "e2", day + 5, { x: 1 }],
        [3, "/b", "e3", day + 6],
        [4, "/a", "e4", day + 7],
      ],
      nodes: [[1, 1, 1, 0]],
      partials: [
        [3, 1, 1, day, day + 5, day + 5, 0],
        [1, 0, 0, 0, 0, day, 1],
      ],
      held: [[1, 1, day, day + 6, 1]],
      lastSeq: 4,
      lastNode: 1,
      fireAt: null,
      lapseAt: day + 600_000,
    } satisfies KeyState["pattern"] as unknown as NonNullable<KeyState["pattern"]>;
    const state: KeyState = { ...newKeyState(["a"], day), pattern };
    expect(back(state)).toEqual(state);
  });

  it("gives back traces with what went wrong and of which instance", () => {
    const like = { from: day, to: day + 9, n: 3, verdict: null, status: null, values: null } as const;
    const trace = [
      { ...like, guard: "noMatch" as const },
      { ...like, guard: "error" as const, why: "no such field" },
      { ...like, guard: "for" as const, instance: "a=1", values: { value: 2 } },
    ];
    const state: KeyState = { ...newKeyState(["a"], day), trace };
    expect(back(state)).toEqual(state);
  });

  it("is refused where it is of a version that is not known", () => {
    const text = writeKeyState(newKeyState([], day)).replace('"v":1', '"v":2');
    expect(() => readKeyState(text)).toThrow("version 2");
  });
});

it("tells events that wait for the watermark as the last stretch", () => {
  expect(withHeld([], [])).toEqual([]);
  expect(withHeld([], [{ time: day }, { time: day + 9 }])).toMatchObject([
    { from: day, to: day + 9, n: 2, guard: "held" },
  ]);
});
