export type Labels = Readonly<Record<string, string>>;

/** A series as a function of time: undefined where it has no sample. */
export interface Series {
  readonly labels: Labels;
  at(ms: number): number | undefined;
}

export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/** A series over a range that ends at an instant. */
export interface RangeSample {
  readonly series: Series;
  readonly fromMs: number;
  readonly toMs: number;
}

export type Value =
  | { readonly type: "scalar"; readonly value: number }
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "vector"; readonly samples: readonly Sample[] }
  | { readonly type: "matrix"; readonly ranges: readonly RangeSample[] };

/** What can be asked for by name; every name when none is given. */
export type Source = (name: string | undefined) => readonly Series[];

/** A query that can be read but not carried out. */
export class ExecutionError extends Error {}

export function withoutName({ __name__: _name, ...labels }: Labels): Labels {
  return labels;
}
