import { labelsKey } from "./promql-aggregate.ts";
import type { Expression, Matching } from "./promql-parser.ts";
import { ExecutionError, type Labels, type Sample, type Value, withoutName } from "./promql-values.ts";

type Binary = Extract<Expression, { type: "binary" }>;

const arithmetic: Readonly<Record<string, (left: number, right: number) => number>> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
  "%": (left, right) => left % right,
  "^": (left, right) => left ** right,
};

const comparisons: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  "==": (left, right) => left === right,
  "!=": (left, right) => left !== right,
  ">": (left, right) => left > right,
  "<": (left, right) => left < right,
  ">=": (left, right) => left >= right,
  "<=": (left, right) => left <= right,
};

/** The value of a pair; undefined where a comparison lets nothing through. */
function pairValue({ op, bool }: Binary, left: number, right: number, kept: number): number | undefined {
  const sum = arithmetic[op];
  if (sum !== undefined) return sum(left, right);
  const holds = comparisons[op]?.(left, right) ?? false;
  if (bool) return holds ? 1 : 0;
  return holds ? kept : undefined;
}

const keepsName = ({ op, bool }: Binary) => comparisons[op] !== undefined && !bool;

function matchKey(labels: Labels, { labels: told, on }: Matching): string {
  const named = new Set(told ?? []);
  const kept = Object.entries(withoutName(labels)).filter(([label]) =>
    told === undefined ? true : named.has(label) === on,
  );
  return labelsKey(Object.fromEntries(kept));
}

function setOperation({ op, matching }: Binary, left: readonly Sample[], right: readonly Sample[]): Sample[] {
  const there = new Set((op === "or" ? left : right).map(({ labels }) => matchKey(labels, matching)));
  const has = ({ labels }: Sample) => there.has(matchKey(labels, matching));
  if (op === "and") return left.filter(has);
  return op === "unless" ? left.filter((one) => !has(one)) : [...left, ...right.filter((one) => !has(one))];
}

function resultLabels({ matching, ...binary }: Binary, many: Sample, one: Sample): Labels {
  const labels = keepsName({ matching, ...binary }) ? many.labels : withoutName(many.labels);
  if (matching.group !== undefined) {
    const taken = matching.group.include.flatMap((label) => {
      const value = one.labels[label];
      return value === undefined ? [] : [[label, value] as const];
    });
    return { ...labels, ...Object.fromEntries(taken) };
  }
  if (matching.labels === undefined || keepsName({ matching, ...binary })) return labels;
  const named = new Set(matching.labels);
  return Object.fromEntries(Object.entries(labels).filter(([label]) => named.has(label) === matching.on));
}

function vectors(binary: Binary, left: readonly Sample[], right: readonly Sample[]): Sample[] {
  const { matching } = binary;
  const swapped = matching.group?.side === "right";
  const [many, single] = swapped ? [right, left] : [left, right];
  const byKey = new Map<string, Sample>();
  for (const sample of single) {
    const key = matchKey(sample.labels, matching);
    if (byKey.has(key))
      throw new ExecutionError(
        "found duplicate series for the match group on the side of one; many-to-many matching not allowed: matching labels must be unique on one side",
      );
    byKey.set(key, sample);
  }
  const used = new Set<string>();
  return many.flatMap((sample) => {
    const key = matchKey(sample.labels, matching);
    const one = byKey.get(key);
    if (one === undefined) return [];
    if (matching.group === undefined && used.has(key))
      throw new ExecutionError(
        "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)",
      );
    used.add(key);
    const value = swapped
      ? pairValue(binary, one.value, sample.value, one.value)
      : pairValue(binary, sample.value, one.value, sample.value);
    return value === undefined ? [] : [{ labels: resultLabels(binary, sample, one), value }];
  });
}

function withScalar(
  binary: Binary,
  samples: readonly Sample[],
  pair: (value: number) => readonly [number, number],
): Sample[] {
  return samples.flatMap((sample) => {
    const [left, right] = pair(sample.value);
    const value = pairValue(binary, left, right, sample.value);
    const labels = keepsName(binary) ? sample.labels : withoutName(sample.labels);
    return value === undefined ? [] : [{ labels, value }];
  });
}

/** Two values and what stands between them. @throws ExecutionError */
export function combine(binary: Binary, left: Value, right: Value): Value {
  const set = ["and", "or", "unless"].includes(binary.op);
  if (left.type === "vector" && right.type === "vector") {
    const samples = set
      ? setOperation(binary, left.samples, right.samples)
      : vectors(binary, left.samples, right.samples);
    return { type: "vector", samples };
  }
  if (set) throw new ExecutionError(`set operator "${binary.op}" not allowed in binary scalar expression`);
  if (left.type === "vector" && right.type === "scalar")
    return { type: "vector", samples: withScalar(binary, left.samples, (value) => [value, right.value]) };
  if (left.type === "scalar" && right.type === "vector")
    return { type: "vector", samples: withScalar(binary, right.samples, (value) => [left.value, value]) };
  if (left.type !== "scalar" || right.type !== "scalar")
    throw new ExecutionError("binary expression must contain only scalar and instant vector types");
  if (comparisons[binary.op] !== undefined && !binary.bool)
    throw new ExecutionError("comparisons between scalars must use BOOL modifier");
  return { type: "scalar", value: pairValue(binary, left.value, right.value, left.value) ?? Number.NaN };
}
