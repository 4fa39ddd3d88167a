import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import type { Clock } from "../../../../agent/src/core/clock.ts";
import { nodeClock } from "../../../../agent/src/host/node-clock.ts";
import { watchKind } from "../../../../agent/src/inventory/watch-kind.ts";

const named = (name: string, resourceVersion: string) => ({ metadata: { name, resourceVersion } });

/** A cluster of one kind: what each list and each watch answers, and what was asked for. */
function cluster(
  lists: readonly unknown[],
  watches: readonly { status: number; lines: readonly object[] }[],
  clock: Clock = nodeClock,
) {
  const asked: string[] = [];
  const heard: string[] = [];
  const stop = new AbortController();
  const done = watchKind(
    {
      path: "/api/v1/things",
      clock,
      signal: stop.signal,
      read: async (path) => {
        asked.push(path);
        return { status: 200, body: lists[asked.filter((one) => !one.includes("watch=")).length - 1] };
      },
      stream: async (path) => {
        asked.push(path);
        const next = watches[asked.filter((one) => one.includes("watch=")).length - 1];
        if (next === undefined) stop.abort();
        const lines = (next?.lines ?? []).map((line) => `${JSON.stringify(line)}\n`);
        return Object.assign(Readable.from(lines, { objectMode: false }), {
          statusCode: next?.status ?? 200,
        }) as unknown as IncomingMessage;
      },
    },
    {
      listed: (objects) => heard.push(`list ${objects.map(({ metadata }) => metadata.name).join()}`),
      changed: ({ metadata }) => heard.push(`changed ${metadata.name}`),
      removed: ({ metadata }) => heard.push(`removed ${metadata.name}`),
      failed: (detail) => heard.push(`failed ${detail}`),
    },
  );
  return { asked, heard, done };
}

const before = { metadata: { resourceVersion: "5" }, items: [named("a", "4")] };
const after = { metadata: { resourceVersion: "90" }, items: [named("b", "80")] };
const expired = { type: "ERROR", object: { kind: "Status", code: 410, reason: "Expired" } };

describe("a watch", () => {
  it.each([
    ["is told so in the stream", { status: 200, lines: [expired] }],
    ["is answered with 410", { status: 410, lines: [] }],
  ])("that has expired and %s lists anew, and goes on from that list", async (_, watch) => {
    const { asked, heard, done } = cluster([before, after], [watch]);
    await done;
    expect(heard).toEqual(["list a", "list b"]);
    const versions = asked.map((path) => /resourceVersion=(\d+)/.exec(path)?.[1] ?? "list");
    expect(versions).toEqual(["list", "5", "list", "90"]);
  });

  it.each([
    ["always expired", { status: 410, lines: [] }],
    ["over as soon as it has begun", { status: 200, lines: [] }],
  ])("that is %s is asked for at a pace that slows down", async (_, watch) => {
    const pauses: number[] = [];
    const later: Clock["later"] = (work, ms) => {
      if (ms > 60_000) return () => {};
      pauses.push(ms);
      queueMicrotask(work);
      return () => {};
    };
    const clock = { now: () => 0, random: () => 1, later };
    const { asked, done } = cluster(Array(9).fill(before), Array(6).fill(watch), clock);
    await done;
    expect(asked.filter((path) => path.includes("watch="))).toHaveLength(7);
    expect(pauses.slice(0, 5)).toEqual([1000, 2000, 4000, 8000, 16_000]);
  });

  it("that ends in good order goes on from the last version that it saw, bookmarks included", async () => {
    const lines = [
      { type: "MODIFIED", object: named("a", "6") },
      { type: "BOOKMARK", object: { metadata: { resourceVersion: "42" } } },
    ];
    const { asked, heard, done } = cluster([before], [{ status: 200, lines }]);
    await done;
    expect(heard).toEqual(["list a", "changed a"]);
    expect(asked.at(-1)).toContain("resourceVersion=42");
  });
});
