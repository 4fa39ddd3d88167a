import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../../../src/kernel/random.ts";
import {
  boundedWatermark,
  compareEvents,
  emptyOrderBuffer,
  type OrderBuffer,
  orderEvents,
} from "../../../../../src/modules/rules/patterns/order-buffer.rules.ts";
import { compiled, ids, run, type Sample } from "./run-pattern.ts";

const at = (time: number, ingestSeq = time, sequence?: string) => ({
  source: "s",
  id: `e${ingestSeq}`,
  at: time,
  ingestSeq,
  ...(sequence === undefined ? {} : { sequence }),
});

describe("the order of events", () => {
  it("is event time, then sequence as text, then ingestion", () => {
    const list = [at(5, 9), at(5, 2, "b"), at(5, 3, "a"), at(4, 99), at(5, 1)];
    expect(list.sort(compareEvents).map((event) => event.ingestSeq)).toEqual([99, 1, 9, 3, 2]);
  });

  it("puts the watermark one millisecond before the bound", () => {
    expect(boundedWatermark(100, 10)).toBe(89);
    expect(boundedWatermark(100, 0)).toBe(99);
  });

  it("releases what the watermark has reached and keeps the rest in order", () => {
    const step = orderEvents(emptyOrderBuffer, [at(30), at(10), at(20)], 20);
    expect(step.released.map((event) => event.at)).toEqual([10, 20]);
    expect(step.buffer.waiting.map((event) => event.at)).toEqual([30]);
    expect(step.buffer.watermark).toBe(20);
  });

  it("gives late events apart: those at or before the watermark when they came", () => {
    const { buffer } = orderEvents<ReturnType<typeof at>>(emptyOrderBuffer, [], 20);
    const step = orderEvents(buffer, [at(20), at(21), at(5)], 25);
    expect(step.late.map((event) => event.at)).toEqual([20, 5]);
    expect(step.released.map((event) => event.at)).toEqual([21]);
  });

  it("never moves the watermark back", () => {
    const { buffer } = orderEvents<ReturnType<typeof at>>(emptyOrderBuffer, [], 20);
    expect(orderEvents(buffer, [], 10).buffer.watermark).toBe(20);
    expect(orderEvents(buffer, [], null).buffer.watermark).toBe(20);
  });

  it("releases the oldest early when too many wait, and takes the watermark along", () => {
    const step = orderEvents(emptyOrderBuffer, [at(1), at(2), at(3), at(4), at(4, 5)], null, 3);
    expect(step.released.map((event) => event.at)).toEqual([1, 2]);
    expect(step).toMatchObject({ forced: 2, buffer: { watermark: 2 } });
    expect(orderEvents(step.buffer, [at(2, 9)], null, 3).late.length).toBe(1);
  });
});

describe("a sequence over shuffled events", () => {
  const pattern = compiled({
    steps: [
      { kind: "event", var: "f", where: "f", times: 2 },
      { kind: "not", var: "n", where: "x", contiguity: "notFollowedBy" },
      { kind: "event", var: "s", where: "s" },
    ],
    withinMs: 60,
    afterMatch: { strategy: "noSkip" },
  });

  it("finds the same matches for every arrival within the bound", () => {
    const random = seededRandom(11);
    let matches = 0;
    for (let round = 0; round < 100; round += 1) {
      const stream = Array.from({ length: 40 }, (_, n) => ({
        source: "s",
        id: `e${n}`,
        at: n * 5 + Math.floor(random() * 3),
        sequence: String(n).padStart(3, "0"),
        type: "ffsxz"[Math.floor(random() * 5)] ?? "f",
        n,
      }));
      const delivered = (bound: number) =>
        stream
          .map((event) => ({ event, key: event.at + random() * bound }))
          .sort((a, b) => a.key - b.key)
          .map(({ event }, ingestSeq) => ({ ...event, ingestSeq }));
      const matchesOf = (arrivals: readonly (Sample & ReturnType<typeof delivered>[number])[]) => {
        let buffer: OrderBuffer<(typeof arrivals)[number]> = emptyOrderBuffer;
        let newest = 0;
        const released: Sample[] = [];
        for (const event of arrivals) {
          newest = Math.max(newest, event.at);
          const step = orderEvents(
            JSON.parse(JSON.stringify(buffer)) as typeof buffer,
            [event],
            boundedWatermark(newest, 30),
          );
          expect(step.late).toEqual([]);
          buffer = step.buffer;
          released.push(...step.released);
        }
        released.push(...orderEvents(buffer, [], 10_000).released);
        return run(pattern, released).matches.map(ids);
      };
      const wanted = matchesOf(delivered(0));
      matches += wanted.length;
      expect(matchesOf(delivered(30))).toEqual(wanted);
    }
    expect(matches).toBeGreaterThan(100);
  });
});
