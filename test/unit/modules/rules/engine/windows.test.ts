import { describe, expect, it } from "vitest";
import type { WindowSpec } from "../../../../../contracts/rule-windows.ts";
import type { Output } from "../../../../../src/modules/rules/engine/outputs.ts";
import { newKeyState } from "../../../../../src/modules/rules/engine/state.ts";
import { step } from "../../../../../src/modules/rules/engine/step.ts";
import { calendarSpan } from "../../../../../src/modules/rules/engine/windows/calendar.rules.ts";
import { alignDown, gridOf } from "../../../../../src/modules/rules/engine/windows/grid.ts";
import { eventOf, OneKey, ruleOf, transitionsOf, windowsOf } from "./rule-bench.ts";

const aggregates = { n: { fn: "count" }, total: { fn: "sum", over: "data.v" } } as const;
const open = { kind: "expression", open: "n > 0.0" } as const;

function windowed(window: unknown, more: object = {}) {
  return new OneKey({
    trigger: { kind: "window", window: window as WindowSpec, aggregates },
    condition: open,
    outcome: "match",
    ...more,
  });
}

const shown = (key: OneKey) =>
  windowsOf(key.outputs).map(({ start, end, values, revision }) => [
    start,
    end,
    values.n,
    values.total,
    revision,
  ]);

describe("a tumbling window", () => {
  it("begins where the floor of the time says, before 1970 and with offsets too", () => {
    expect(alignDown(0, 10, 0)).toBe(0);
    expect(alignDown(9, 10, 0)).toBe(0);
    expect(alignDown(-1, 10, 0)).toBe(-10);
    expect(alignDown(-10, 10, 0)).toBe(-10);
    expect(alignDown(7, 10, 8)).toBe(-2);
    expect(alignDown(7, 10, -3)).toBe(7);
    expect(alignDown(6, 10, -3)).toBe(-3);
  });

  it("is evaluated once, when the watermark reaches its last instant", () => {
    const key = windowed({ kind: "tumbling", sizeMs: 10 });
    key.event(0, { v: 1 });
    key.event(9, { v: 2 });
    key.event(10, { v: 4 });
    key.advance(8);
    expect(shown(key)).toEqual([]);
    key.advance(9);
    expect(shown(key)).toEqual([[0, 10, 2, 3, 0]]);
    key.advance(18);
    key.advance(19);
    key.advance(1_000);
    expect(shown(key)).toEqual([
      [0, 10, 2, 3, 0],
      [10, 20, 1, 4, 0],
    ]);
  });

  it("keeps nothing of what has ended", () => {
    const key = windowed({ kind: "tumbling", sizeMs: 10 });
    key.event(0, { v: 1 });
    key.advance(9);
    expect(key.state.window).toMatchObject({ panes: [], fired: [] });
    expect(key.due).toBe(null);
  });
});

describe("a sliding window", () => {
  it("takes an event into every window that reaches over it", () => {
    const key = windowed({ kind: "sliding", sizeMs: 30, slideMs: 10 });
    key.event(15, { v: 1 });
    key.event(30, { v: 2 });
    key.advance(100);
    expect(shown(key)).toEqual([
      [-10, 20, 1, 1, 0],
      [0, 30, 1, 1, 0],
      [10, 40, 2, 3, 0],
      [20, 50, 1, 2, 0],
      [30, 60, 1, 2, 0],
    ]);
  });

  it("leaves out events between windows that do not meet", () => {
    const key = windowed({ kind: "sliding", sizeMs: 10, slideMs: 30 });
    key.event(5, { v: 1 });
    key.event(15, { v: 9 });
    key.event(31, { v: 2 });
    key.advance(100);
    expect(shown(key)).toEqual([
      [0, 10, 1, 1, 0],
      [30, 40, 1, 2, 0],
    ]);
  });

  it("finds the same windows as the definition, for any size, slide, offset and time", () => {
    for (const [size, slide, offset] of [
      [10, 3, 0],
      [10, 3, 2],
      [7, 7, -3],
      [12, 8, 5],
      [5, 9, 4],
    ] as const) {
      const grid = gridOf({ kind: "sliding", sizeMs: size, slideMs: slide, offsetMs: offset });
      for (let at = -40; at < 40; at++) {
        const expected: number[] = [];
        for (let start = -60; start <= 60; start++) {
          const onGrid = (((start - offset) % slide) + slide) % slide === 0;
          if (onGrid && start <= at && at < start + size) expected.push(start + size);
        }
        const found: number[] = [];
        const pane = grid.paneOf(at);
        for (let end = grid.firstEnd(pane, null); end !== null; end = grid.firstEnd(pane, end))
          found.push(end);
        expect([size, slide, offset, at, found]).toEqual([size, slide, offset, at, expected]);
        expect(grid.lastEnd(pane)).toBe(expected.at(-1) ?? null);
      }
    }
  });
});

describe("a session", () => {
  it("ends a gap after its last event", () => {
    const key = windowed({ kind: "session", gap: 10 });
    key.event(0, { v: 1 });
    key.event(9, { v: 2 });
    key.event(30, { v: 4 });
    key.advance(17);
    expect(shown(key)).toEqual([]);
    key.advance(18);
    key.advance(100);
    expect(shown(key)).toEqual([
      [0, 19, 2, 3, 0],
      [30, 40, 1, 4, 0],
    ]);
  });

  it("unites sessions that touch, and those that a later event joins", () => {
    const key = windowed({ kind: "session", gap: 10 });
    key.event(0, { v: 1 });
    key.event(10, { v: 2 });
    key.event(35, { v: 4 });
    key.event(25, { v: 8 });
    key.advance(100);
    expect(shown(key)).toEqual([
      [0, 20, 2, 3, 0],
      [25, 45, 2, 12, 0],
    ]);
    const joined = windowed({ kind: "session", gap: 10 });
    joined.event(0, { v: 1 });
    joined.event(18, { v: 2 });
    joined.event(9, { v: 4 });
    joined.advance(100);
    expect(shown(joined)).toEqual([[0, 28, 3, 7, 0]]);
  });

  it("may take its gap from the event, and leaves out an event whose gap is not above zero", () => {
    const key = windowed({ kind: "session", gap: "data.gap" });
    key.event(0, { v: 1, gap: 5 });
    key.event(4, { v: 2, gap: 20 });
    key.event(20, { v: 4, gap: 3 });
    key.event(21, { v: 8, gap: 0 });
    key.advance(100);
    expect(shown(key)).toEqual([[0, 24, 3, 7, 0]]);
  });

  it("goes no longer than its longest", () => {
    const key = windowed({ kind: "session", gap: 10, maxMs: 20 }, { ordered: true });
    for (const at of [0, 8, 16, 24, 32, 40]) key.event(at, { v: 1 });
    key.advance(100);
    expect(shown(key)).toEqual([
      [0, 20, 3, 3, 0],
      [24, 44, 3, 3, 0],
    ]);
  });
});

describe("a window of a number of events", () => {
  it("is evaluated at every n-th event and begins afresh", () => {
    const key = windowed({ kind: "count", size: 3 });
    for (let v = 1; v <= 7; v++) key.event(v * 10, { v });
    expect(shown(key)).toEqual([
      [10, 30, 3, 6, 0],
      [40, 60, 3, 15, 0],
    ]);
  });

  it("ends after its time too, whichever is first, and takes no event that comes after that", () => {
    const key = windowed({ kind: "count", size: 3, maxMs: 25 });
    for (const at of [10, 20, 34, 40, 64]) key.event(at, { v: 1 });
    expect(shown(key)).toEqual([[10, 34, 3, 3, 0]]);
    key.event(65, { v: 1 });
    expect(shown(key)[1]).toEqual([40, 64, 2, 2, 0]);
    key.advance(89);
    expect(shown(key)).toHaveLength(2);
    key.advance(90);
    expect(shown(key)[2]).toEqual([65, 65, 1, 1, 0]);
  });

  it("slides over the last n at each event", () => {
    const key = windowed({ kind: "count", size: 3, mode: "sliding" });
    for (let v = 1; v <= 5; v++) key.event(v * 10, { v });
    const matched = key.outputs.filter((output) => output.kind === "match");
    expect(matched.map(({ values }) => [values.n, values.total])).toEqual([
      [1, 1],
      [2, 3],
      [3, 6],
      [3, 9],
      [3, 12],
    ]);
  });
});

describe("a continuous window", () => {
  it("holds (t − size, t] at every event when it is exact", () => {
    const key = windowed({ kind: "continuous", sizeMs: 100, exact: true });
    for (const at of [0, 50, 100, 149, 150, 300]) key.event(at, { v: 1 });
    const counts = key.outputs
      .filter((output) => output.kind === "match")
      .map(({ at, values }) => [at, values.n]);
    expect(counts.filter(([at]) => [0, 50, 149].includes(Number(at)))).toEqual([
      [0, 1],
      [50, 2],
      [149, 3],
    ]);
    expect(counts.filter(([at]) => at === 100).at(-1)).toEqual([100, 2]);
    expect(counts.filter(([at]) => at === 150).at(-1)).toEqual([150, 3]);
    expect(counts.at(-1)).toEqual([300, 1]);
  });

  it("is exact at pane boundaries otherwise", () => {
    const key = windowed({ kind: "continuous", sizeMs: 600 });
    for (let at = 1; at <= 1200; at++) key.event(at, { v: 1 });
    const at1200 = key.outputs.filter((output) => output.kind === "match" && output.at === 1200).at(-1);
    expect(at1200).toMatchObject({ values: { n: 600 } });
  });

  it("is evaluated again when events leave it", () => {
    const key = new OneKey({
      trigger: { kind: "window", window: { kind: "continuous", sizeMs: 100, exact: true }, aggregates },
      condition: { kind: "expression", open: "n >= 2.0" },
    });
    key.event(0, { v: 1 });
    key.event(40, { v: 1 });
    expect(key.status).toBe("firing");
    key.advance(99);
    expect(key.status).toBe("firing");
    key.advance(100);
    expect(key.status).toBe("normal");
  });

  it("says when it can't hold all events, and is right again when the dropped ones would have left", () => {
    const rule = ruleOf({
      trigger: { kind: "window", window: { kind: "continuous", sizeMs: 50_000, exact: true }, aggregates },
      condition: { kind: "expression", open: "n >= 10000.0" },
    });
    let state = newKeyState([], 0);
    const outputs: Output[] = [];
    const feed = (time: number) => {
      const input = { kind: "event", event: eventOf(time, { v: 1 }), time, watermark: -1 } as const;
      const result = step(rule, state, input, 0);
      state = result.state;
      outputs.push(...result.outputs);
    };
    for (let at = 1; at <= 10_003; at++) feed(at);
    expect(transitionsOf(outputs)).toEqual(["10000 normal>firing"]);
    expect(outputs.filter(({ kind }) => kind === "health")).toMatchObject([
      { code: "evaluationFailed", at: 10_001 },
    ]);
    expect(state.instances[""]?.verdict).toBe("error");
    feed(50_200);
    expect(state.instances[""]?.verdict).toBe("false");
  });
});

describe("a calendar window", () => {
  const span = (at: string, unit: "hour" | "day" | "week" | "month", zone: string, weekStartsOn = 1) => {
    const { start, end } = calendarSpan(Date.parse(at), { kind: "calendar", unit, zone, weekStartsOn });
    return [new Date(start).toISOString(), (end - start) / 3_600_000];
  };

  it("follows the days of its zone, of 23 and 25 hours too", () => {
    expect(span("2026-03-08T12:00:00Z", "day", "America/New_York")).toEqual(["2026-03-08T05:00:00.000Z", 23]);
    expect(span("2026-11-01T12:00:00Z", "day", "America/New_York")).toEqual(["2026-11-01T04:00:00.000Z", 25]);
    expect(span("2026-06-01T12:00:00Z", "day", "Asia/Seoul")).toEqual(["2026-05-31T15:00:00.000Z", 24]);
    expect(span("2026-04-05T00:00:00Z", "day", "Australia/Lord_Howe")).toEqual([
      "2026-04-04T13:00:00.000Z",
      24.5,
    ]);
  });

  it("begins a day at its first instant where midnight does not exist", () => {
    expect(span("2018-11-04T12:00:00Z", "day", "America/Sao_Paulo")).toEqual([
      "2018-11-04T03:00:00.000Z",
      23,
    ]);
  });

  it("follows weeks and months", () => {
    expect(span("2026-01-01T00:00:00Z", "week", "UTC")).toEqual(["2025-12-29T00:00:00.000Z", 168]);
    expect(span("2026-01-01T00:00:00Z", "week", "UTC", 7)).toEqual(["2025-12-28T00:00:00.000Z", 168]);
    expect(span("2026-03-15T00:00:00Z", "week", "Europe/Berlin", 7)).toEqual([
      "2026-03-14T23:00:00.000Z",
      168,
    ]);
    expect(span("2026-03-29T12:00:00Z", "week", "Europe/Berlin")).toEqual(["2026-03-22T23:00:00.000Z", 167]);
    expect(span("2026-02-10T00:00:00Z", "month", "UTC")).toEqual(["2026-02-01T00:00:00.000Z", 672]);
  });

  it("counts each pass of a repeated hour by itself", () => {
    expect(span("2026-11-01T05:30:00Z", "hour", "America/New_York")).toEqual(["2026-11-01T05:00:00.000Z", 1]);
    expect(span("2026-11-01T06:30:00Z", "hour", "America/New_York")).toEqual(["2026-11-01T06:00:00.000Z", 1]);
    expect(span("2026-06-01T06:40:00Z", "hour", "Asia/Kolkata")).toEqual(["2026-06-01T06:30:00.000Z", 1]);
    expect(span("2026-04-04T15:10:00Z", "hour", "Australia/Lord_Howe")).toEqual([
      "2026-04-04T15:00:00.000Z",
      0.5,
    ]);
  });

  it("is evaluated when the local day has ended", () => {
    const key = windowed({ kind: "calendar", unit: "day", zone: "America/New_York" });
    const day = Date.parse("2026-03-08T05:00:00Z");
    key.event(day, { v: 1 });
    key.event(day + 22 * 3_600_000, { v: 2 });
    key.event(day + 23 * 3_600_000, { v: 4 });
    key.advance(day + 23 * 3_600_000 - 1);
    expect(shown(key)).toEqual([[day, day + 23 * 3_600_000, 2, 3, 0]]);
  });
});

describe("early evaluation", () => {
  it("looks into a window that has not ended, at every multiple after its start", () => {
    const key = new OneKey({
      trigger: { kind: "window", window: { kind: "tumbling", sizeMs: 1000 }, aggregates, earlyEveryMs: 300 },
      condition: { kind: "expression", open: "n >= 2.0" },
    });
    key.event(100, { v: 1 });
    key.event(350, { v: 1 });
    key.advance(2_000);
    const seen = windowsOf(key.outputs).map(({ at, early, values, verdict }) => [
      at,
      early,
      values.n,
      verdict,
    ]);
    // Both events had come when the first of them ran.
    expect(seen.slice(0, 4)).toEqual([
      [300, true, 2, "true"],
      [600, true, 2, "true"],
      [900, true, 2, "true"],
      [1000, false, 2, "true"],
    ]);
  });
});

describe("windows without events", () => {
  const definition = {
    trigger: { kind: "window", window: { kind: "tumbling", sizeMs: 10 }, aggregates } as const,
    condition: { kind: "expression", open: "n >= 2.0" } as const,
  };

  it("close an open alert, and are not looked at otherwise", () => {
    const key = new OneKey(definition);
    key.event(0, { v: 1 });
    key.event(1, { v: 1 });
    key.advance(9);
    expect(key.status).toBe("firing");
    expect(key.due).toBe(19);
    key.advance(19);
    expect(key.status).toBe("normal");
    expect(key.due).toBe(null);
  });

  it("may be looked at always", () => {
    const key = new OneKey({
      trigger: { ...definition.trigger, evaluateEmpty: true },
      condition: { kind: "expression", open: "n == 0.0" },
    });
    key.event(0, { v: 1 });
    key.advance(9);
    expect(key.status).toBe("normal");
    key.advance(19);
    expect(key.status).toBe("firing");
  });
});
