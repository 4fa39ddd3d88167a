import { expect, it } from "vitest";
import type { MaruEvent } from "../../../../../contracts/events.ts";
import {
  intakeKey,
  intakePrefixes,
  readIntakeKey,
} from "../../../../../src/modules/sources/history/intake-key.rules.ts";
import { packLines, readRequestLine } from "../../../../../src/modules/sources/history/kept-lines.rules.ts";
import { readHistory } from "../../../../../src/modules/sources/history/read-history.ts";
import { memoryBlobs } from "../../../../../src/platform/blob/memory.ts";

const noon = Date.UTC(2026, 2, 1, 12);
const hour = 3_600_000;

function event(id: string, at: number, sourceid = "src_a"): MaruEvent {
  const made = { id, source: "/s", type: "t", time: at, data: { n: 1 } };
  return { ...made, tenantid: "ten", sourceid, ingesttime: at, ingestseq: at * 1000, verified: "none" };
}

const message = { headers: new Map([["content-type", "application/json"]]), body: Uint8Array.of(0xff, 0) };

async function history(...requests: (readonly MaruEvent[])[]) {
  const blobs = memoryBlobs();
  for (const [index, events] of requests.entries()) {
    const first = events[0];
    if (first === undefined) continue;
    const place = { at: first.ingesttime, sourceId: first.sourceid };
    await blobs.put(
      intakeKey(first.tenantid, "events", place, `in_${index}.ndjson`),
      packLines(
        events.map((event) => JSON.stringify(event)),
        message,
      ),
    );
  }
  return blobs;
}

async function idsOf(events: AsyncIterable<MaruEvent>): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of events) ids.push(id);
  return ids;
}

it("reads events in the order of their arrival, from the first instant of a range to before its last", async () => {
  const blobs = await history(
    [event("late", noon + 30 * hour)],
    [event("first", noon), event("second", noon)],
    [event("next", noon + 1)],
    [event("before", noon - 1)],
  );
  const range = { from: noon, to: noon + 30 * hour };
  expect(await idsOf(readHistory(blobs, "ten", range))).toEqual(["first", "second", "next"]);
  expect(await idsOf(readHistory(blobs, "ten", { from: noon - hour, to: noon + 40 * hour }))).toEqual([
    "before",
    "first",
    "second",
    "next",
    "late",
  ]);
});

it("reads the events of some sources only, and never those of another tenant", async () => {
  const other = { ...event("other", noon), tenantid: "ten2" };
  const blobs = await history([event("a", noon)], [event("b", noon, "src_b")], [other]);
  const range = { from: noon, to: noon + 1 };
  expect(await idsOf(readHistory(blobs, "ten", { ...range, sourceIds: ["src_b"] }))).toEqual(["b"]);
  expect(await idsOf(readHistory(blobs, "ten", range))).toEqual(["a", "b"]);
});

it("puts data back that travelled by reference, but only from the tenant's own folder", async () => {
  const { data: _, ...bare } = event("large", noon);
  const blobs = await history([
    { ...bare, dataref: "ten/ingest/x.json" },
    { ...bare, id: "foreign", dataref: "ten2/ingest/x.json" },
  ]);
  await blobs.put("ten/ingest/x.json", '{"large":true}');
  await blobs.put("ten2/ingest/x.json", '{"secret":true}');
  const found: unknown[] = [];
  for await (const { data } of readHistory(blobs, "ten", { from: noon, to: noon + 1 })) found.push(data);
  expect(found).toEqual([{ large: true }, undefined]);
});

it("can be left before its end", async () => {
  const many = Array.from({ length: 20 }, (_, n) => [event(`e${n}`, noon + n)]);
  for await (const { id } of readHistory(await history(...many), "ten", { from: noon, to: noon + hour })) {
    if (id === "e3") break;
    expect(["e0", "e1", "e2"]).toContain(id);
  }
});

it("keeps the very bytes of a request, UTF-8 or not", () => {
  const bytesOf = (body: Uint8Array<ArrayBuffer>) =>
    readRequestLine(packLines([], { headers: message.headers, body }).trimEnd()).body;
  for (const body of [Uint8Array.of(0xff, 0, 10), new TextEncoder().encode('\uFEFF{"a":"한\\n"}\n')])
    expect(bytesOf(Uint8Array.from(body))).toEqual(Uint8Array.from(body));
});

it("tells the time and the source of an object by its key, and lists a range by few prefixes", () => {
  const key = intakeKey("ten", "events", { at: noon, sourceId: "src_a" }, "in_1.ndjson");
  expect(key).toBe(`ten/events/2026/03/01/12/${noon}-src_a-in_1.ndjson`);
  expect(readIntakeKey(key)).toEqual({ at: noon, sourceId: "src_a" });
  expect(readIntakeKey("ten/events/else")).toBeUndefined();
  expect(intakePrefixes("ten", "events", noon + 1, noon + hour + 1)).toEqual([
    "ten/events/2026/03/01/12/",
    "ten/events/2026/03/01/13/",
  ]);
  expect(intakePrefixes("ten", "events", noon, noon + 48 * hour)).toEqual([
    "ten/events/2026/03/01/",
    "ten/events/2026/03/02/",
    "ten/events/2026/03/03/",
  ]);
});
