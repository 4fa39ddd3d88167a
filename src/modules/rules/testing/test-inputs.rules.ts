import type { MaruEvent } from "../../../../contracts/events.ts";
import {
  offsetMs,
  type RuleTest,
  type TestEvent,
  type TestSamples,
} from "../../../../contracts/rule-tests.ts";
import type { StepInput } from "../engine/step.ts";
import { readSeries } from "./read-series.rules.ts";

/** What reaches a rule at an instant. */
export type TestInput =
  | { readonly at: number; readonly events: readonly MaruEvent[] }
  | { readonly at: number; readonly input: StepInput };

const ownSource = "test";

/**
 * What a test feeds to its rule, in the order of time. Events that arrive together from one source are one batch. `path`
 * points to the test in its file.
 */
export function testInputs(test: RuleTest, startAt: number, path: readonly PropertyKey[]): TestInput[] {
  const failed = new Set(test.failures.map(({ at }) => startAt + offsetMs(at)));
  const polls = test.samples.flatMap((samples, i) => pollsOf(samples, startAt, [...path, "samples", i]));
  const inputs: TestInput[] = [
    ...batchesOf(test.events, startAt),
    ...polls.filter(({ at }) => !failed.has(at)),
    ...test.failures.map(({ at: offset, detail }): TestInput => {
      const at = startAt + offsetMs(offset);
      return { at, input: { kind: "failure", at, detail } };
    }),
  ];
  return inputs.sort((a, b) => a.at - b.at);
}

function batchesOf(rows: readonly TestEvent[], startAt: number): TestInput[] {
  const batches = new Map<string, { at: number; events: MaruEvent[] }>();
  let count = 0;
  for (const [i, row] of rows.entries()) {
    for (const [n, data] of dataOf(row).entries()) {
      const shift = startAt + n * offsetMs(row.every ?? "0");
      const at = shift + offsetMs(row.at);
      const { sourceId = ownSource } = row;
      const name = `${at} ${sourceId}`;
      const batch = batches.get(name) ?? { at, events: [] };
      batches.set(name, batch);
      batch.events.push(
        eventOf(row, data, { at, time: shift + offsetMs(row.time ?? row.at), place: [i, n], count }),
      );
      count += 1;
    }
  }
  return [...batches.values()];
}

function dataOf({ data, each, times = 1 }: TestEvent): TestEvent["data"][] {
  if (each !== undefined) return each.map((more) => ({ ...data, ...more }));
  return Array.from({ length: times }, () => data);
}

interface Place {
  readonly at: number;
  readonly time: number;
  readonly place: readonly [number, number];
  readonly count: number;
}

function eventOf(
  row: TestEvent,
  data: TestEvent["data"],
  { at, time, place: [i, n], count }: Place,
): MaruEvent {
  const { type, source = ownSource, sourceId = ownSource, subject } = row;
  return {
    id: row.id === undefined ? `${i + 1}.${n + 1}` : n === 0 ? row.id : `${row.id}.${n + 1}`,
    source,
    type,
    time,
    data,
    ...(subject === undefined ? {} : { subject }),
    tenantid: "test",
    sourceid: sourceId,
    ingesttime: at,
    ingestseq: count,
    verified: "internal",
  };
}

function pollsOf(
  { at, every, series }: TestSamples,
  startAt: number,
  path: readonly PropertyKey[],
): TestInput[] {
  const read = series.map(({ labels, values }, i) => ({
    labels,
    values: readSeries(values, [...path, "series", i, "values"]),
  }));
  const length = Math.max(0, ...read.map(({ values }) => values.length));
  return Array.from({ length }, (_, i): TestInput => {
    const instant = startAt + offsetMs(at) + i * offsetMs(every);
    const rows = read.flatMap(({ labels, values }) => {
      const value = values[i] ?? null;
      return value === null ? [] : [{ labels, value }];
    });
    return { at: instant, input: { kind: "samples", at: instant, rows } };
  });
}
