import type { CellSpec } from "../compile/compiled-rule.ts";

/** Values that one cell keeps for quantiles, rates and the like. */
export const pointsCap = 10_000;

/** What one event gives to a cell. Undefined: nothing. Null: something that can't be used; it is counted. */
export type CellInput = number | string | boolean | null | undefined | LabelledInput;

/** For groups: the label and, where something is summed, the number. */
export interface LabelledInput {
  readonly label: string;
  readonly value: number;
}

/** Orders events: event time, the sender's sequence, the order of arrival. */
export interface EventOrder {
  readonly at: number;
  readonly sequence: string;
  readonly seq: number;
}

/** An event's value with its place in the order. */
export type End = [at: number, sequence: string, seq: number, value: number | string | boolean];

/** What is accumulated of one input. Plain JSON; members that the aggregates don't need are absent. */
export interface Cell {
  /** Inputs taken. */
  n: number;
  /** Inputs that could not be used. */
  ignored: number;
  /** Sum and its compensation (Neumaier). */
  sum?: number;
  rest?: number;
  min?: number;
  max?: number;
  /** Running mean and sum of squared distances from it (Welford). */
  mean?: number;
  spread?: number;
  first?: End;
  last?: End;
  /** at, seq, value, at, seq, value … */
  points?: number[];
  /** The sender's sequence of each point, where any has one. */
  sequences?: string[];
  /** By text: how often, and the sum with its compensation. */
  counts?: Record<string, [n: number, sum: number, rest: number]>;
}

export function newCell(spec: CellSpec): Cell {
  const cell: Cell = { n: 0, ignored: 0 };
  if (spec.sum) {
    cell.sum = 0;
    cell.rest = 0;
  }
  if (spec.moments) {
    cell.mean = 0;
    cell.spread = 0;
  }
  if (spec.points) cell.points = [];
  if (spec.counts) cell.counts = {};
  return cell;
}

/** Adds one input to a cell, in place. */
export function addToCell(cell: Cell, spec: CellSpec, input: CellInput, order: EventOrder): void {
  if (input === undefined) return;
  if (input === null) {
    cell.ignored += 1;
    return;
  }
  if (typeof input === "object") {
    cell.n += 1;
    addCount(cell, input.label, 1, input.value, 0);
    return;
  }
  cell.n += 1;
  if (typeof input === "number") addNumber(cell, spec, input, order);
  if (spec.ends) addEnd(cell, [order.at, order.sequence, order.seq, input]);
  if (spec.counts) addCount(cell, `${typeof input} ${String(input)}`, 1, 0, 0);
}

function addNumber(cell: Cell, spec: CellSpec, value: number, order: EventOrder): void {
  if (spec.sum) addSum(cell, value);
  if (spec.extremes) addExtremes(cell, value, value);
  if (spec.moments && cell.mean !== undefined && cell.spread !== undefined) {
    const away = value - cell.mean;
    cell.mean += away / cell.n;
    cell.spread += away * (value - cell.mean);
  }
  if (spec.points && (cell.points?.length ?? 0) < pointsCap * 3) addPoint(cell, order, value);
}

function addPoint(cell: Cell, { at, sequence, seq }: EventOrder, value: number): void {
  cell.points ??= [];
  if (sequence !== "" || cell.sequences !== undefined) {
    cell.sequences ??= cell.points.filter((_, i) => i % 3 === 0).map(() => "");
    cell.sequences.push(sequence);
  }
  cell.points.push(at, seq, value);
}

function addSum(cell: Cell, value: number): void {
  const sum = cell.sum ?? 0;
  const next = sum + value;
  cell.rest = (cell.rest ?? 0) + (Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum);
  cell.sum = next;
}

function addExtremes(cell: Cell, low: number, high: number): void {
  if (cell.min === undefined || low < cell.min) cell.min = low;
  if (cell.max === undefined || high > cell.max) cell.max = high;
}

function addEnd(cell: Cell, end: End): void {
  if (cell.first === undefined || isBefore(end, cell.first)) cell.first = end;
  if (cell.last === undefined || !isBefore(end, cell.last)) cell.last = end;
}

function isBefore(a: End, b: End): boolean {
  if (a[0] !== b[0]) return a[0] < b[0];
  return a[1] === b[1] ? a[2] < b[2] : a[1] < b[1];
}

function addCount(cell: Cell, label: string, n: number, sum: number, rest: number): void {
  cell.counts ??= {};
  const known = Object.hasOwn(cell.counts, label) ? cell.counts[label] : undefined;
  const total = { n: 0, ignored: 0, sum: known?.[1] ?? 0, rest: (known?.[2] ?? 0) + rest };
  addSum(total, sum);
  Object.defineProperty(cell.counts, label, {
    value: [(known?.[0] ?? 0) + n, total.sum, total.rest],
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

/** Adds what another cell has taken, in place; `other` is left as it is. */
export function mergeCell(cell: Cell, other: Cell): void {
  const before = cell.n;
  cell.n += other.n;
  cell.ignored += other.ignored;
  if (other.sum !== undefined) {
    addSum(cell, other.sum);
    cell.rest = (cell.rest ?? 0) + (other.rest ?? 0);
  }
  if (other.min !== undefined && other.max !== undefined) addExtremes(cell, other.min, other.max);
  if (other.mean !== undefined && other.n > 0) mergeMoments(cell, other, before);
  if (other.first !== undefined) addEnd(cell, other.first);
  if (other.last !== undefined) addEnd(cell, other.last);
  if (other.points !== undefined) {
    const { points, sequences = [] } = other;
    for (let i = 0; i < points.length; i += 3) {
      const order = { at: points[i] ?? 0, sequence: sequences[i / 3] ?? "", seq: points[i + 1] ?? 0 };
      addPoint(cell, order, points[i + 2] ?? 0);
    }
  }
  if (other.counts === undefined) return;
  for (const [label, [n, sum, rest]] of Object.entries(other.counts)) addCount(cell, label, n, sum, rest);
}

/** The combination of two running means (Chan, Golub and LeVeque). */
function mergeMoments(cell: Cell, other: Cell, before: number): void {
  const mean = cell.mean ?? 0;
  const away = (other.mean ?? 0) - mean;
  cell.mean = before === 0 ? (other.mean ?? 0) : mean + (away * other.n) / cell.n;
  cell.spread = (cell.spread ?? 0) + (other.spread ?? 0) + (away * away * before * other.n) / cell.n;
}
