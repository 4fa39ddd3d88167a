import type { Json } from "../../../../kernel/json.ts";
import type { CompiledAggregate } from "../compile/compiled-rule.ts";
import type { Cell } from "./cell.ts";
import { medianAbsoluteDeviation, quantileOf, rateOf, type Sample, weightedMean } from "./statistics.ts";

/** The bounds of what was aggregated, epoch milliseconds; rates are extended to them. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Values by name; an absent one is undefined. */
export type AggregateValues = Record<string, Json | undefined>;

/**
 * The value of every aggregate over the cells of a window. Of nothing, `count`, `distinct` and `sum` are 0, all others
 * absent. A result that is no finite number is absent, but for a quantile outside [0, 1].
 */
export function aggregateAll(
  aggregates: readonly CompiledAggregate[],
  cells: readonly Cell[],
  span: Span,
): AggregateValues {
  const values: AggregateValues = {};
  for (const aggregate of aggregates) {
    const cell = cells[aggregate.cell];
    values[aggregate.name] = cell === undefined ? undefined : aggregateOf(aggregate, cell, span);
  }
  return values;
}

function aggregateOf(aggregate: CompiledAggregate, cell: Cell, span: Span): Json | undefined {
  switch (aggregate.fn) {
    case "count":
      return cell.n;
    case "distinct":
      return Object.keys(cell.counts ?? {}).length;
    case "sum":
      return finite((cell.sum ?? 0) + (cell.rest ?? 0));
    case "first":
      return cell.first?.[3];
    case "last":
      return cell.last?.[3];
    case "topk":
      return cell.n === 0 ? undefined : topOf(aggregate, cell);
    default:
      return cell.n === 0 ? undefined : numberOf(aggregate, cell, span);
  }
}

function numberOf(aggregate: CompiledAggregate, cell: Cell, span: Span): number | undefined {
  switch (aggregate.fn) {
    case "avg":
      return finite(((cell.sum ?? 0) + (cell.rest ?? 0)) / cell.n);
    case "min":
      return cell.min;
    case "max":
      return cell.max;
    case "stddevPop":
      return finite(Math.sqrt((cell.spread ?? 0) / cell.n));
    case "stddevSamp":
      return cell.n < 2 ? undefined : finite(Math.sqrt((cell.spread ?? 0) / (cell.n - 1)));
    case "quantile":
      return quantileOf(valuesOf(cell), aggregate.q);
    case "median":
      return quantileOf(valuesOf(cell), 0.5);
    case "mad":
      return medianAbsoluteDeviation(valuesOf(cell));
    case "ewma":
      return weightedMean(samplesOf(cell), aggregate.halfLifeMs);
    case "rate":
    case "increase":
    case "delta":
      return rateOf(aggregate.fn, samplesOf(cell), span.start, span.end);
    default:
      return undefined;
  }
}

function topOf({ k }: CompiledAggregate, cell: Cell): Json {
  if (cell.points !== undefined) {
    return valuesOf(cell)
      .sort((a, b) => b - a)
      .slice(0, k);
  }
  return Object.entries(cell.counts ?? {})
    .map(([label, [, sum, rest]]) => ({ label, value: sum + rest }))
    .sort((a, b) => b.value - a.value || (a.label < b.label ? -1 : 1))
    .slice(0, k);
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

function valuesOf({ points = [] }: Cell): number[] {
  const values: number[] = [];
  for (let i = 2; i < points.length; i += 3) values.push(points[i] ?? 0);
  return values;
}

/** In order of time, then of the sender's sequence, then of arrival. */
function samplesOf({ points = [], sequences = [] }: Cell): Sample[] {
  const samples: (Sample & { sequence: string; seq: number })[] = [];
  for (let i = 0; i < points.length; i += 3) {
    const sequence = sequences[i / 3] ?? "";
    samples.push({ at: points[i] ?? 0, sequence, seq: points[i + 1] ?? 0, value: points[i + 2] ?? 0 });
  }
  return samples.sort((a, b) => a.at - b.at || compareText(a.sequence, b.sequence) || a.seq - b.seq);
}

const compareText = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
