import type { CelType } from "./values/type.ts";
import type { CelFailure, CelValue } from "./values/value.ts";

/** A compiled expression: pure, reusable, without hidden state. */
export interface Expr {
  readonly source: string;
  /** What it gives, as far as the declared types say. */
  readonly type: CelType;
  /** Remarks that aren't errors: a literal that was widened, a number without a declared type. */
  readonly notes: readonly ExprIssue[];
  /** The declared variables it reads. */
  readonly reads: readonly string[];
  /**
   * The value under these bindings, or a `CelFailure`: code `absent` where something it reads is missing (the result
   * is unknown), any other code where it went wrong. A binding that is undefined is absent. Never throws.
   */
  evaluate(bindings: Bindings): CelValue | CelFailure;
}

/** Variables by name. Keep the same set of members in the same order between calls: it is faster. */
export interface Bindings {
  readonly [name: string]: unknown;
}

/** What is wrong with an expression, and where: `line` and `column` from 1, `start` and `end` in UTF-16 units from 0. */
export interface ExprIssue {
  readonly code: string;
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly start: number;
  readonly end: number;
}

export type ExprOutcome =
  | { readonly ok: true; readonly expr: Expr }
  | { readonly ok: false; readonly issues: readonly ExprIssue[] };

/** The variables an expression may read, with their types. */
export type ExprTypes = Readonly<Record<string, CelType>>;

export interface ExprLimits {
  /** Nodes of the parsed tree. */
  readonly nodes: number;
  /** How deep macros may stand in one another. */
  readonly macroDepth: number;
  /** The longest list or map, written or walked through. */
  readonly listSize: number;
  /** Steps of all macros in one evaluation. */
  readonly steps: number;
}

export const defaultLimits: ExprLimits = { nodes: 500, macroDepth: 2, listSize: 1_000, steps: 100_000 };

export interface ExprOptions {
  readonly limits?: Partial<ExprLimits>;
  /** Lets whole-number literals stand beside doubles in arithmetic, with a note; true unless said. */
  readonly widenLiterals?: boolean;
}
