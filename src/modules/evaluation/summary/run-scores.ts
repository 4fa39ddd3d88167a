import type { MetricDirection, RunReference } from "../../../../contracts/comparison.ts";
import type { ScoreStatus } from "../metric.ts";

/** What statistics read of one metric result; a `MetricResult` fits. A cost of null is an unknown price. */
export interface CaseResult {
  readonly status: ScoreStatus;
  readonly score?: number;
  readonly reasonCode: string;
  readonly tokens: { readonly input: number; readonly output: number };
  readonly costMicros: number | null;
}

/**
 * One evaluated row of a run. Rows with the same case id and different `repeat` are repeats of one case; rows with the
 * same case id and the same (or no) `repeat` are different cases that share an id.
 */
export interface CaseScores {
  readonly caseId: string;
  readonly repeat?: number;
  /** The hash of what was asked, see `askedOf`. */
  readonly inputHash?: string;
  /** The hash of what was expected, see `expectedOf`. */
  readonly referenceHash?: string;
  readonly tags: readonly string[];
  readonly results: Readonly<Record<string, CaseResult>>;
}

/** A metric as a run used it. */
export interface RunMetric {
  readonly name: string;
  readonly direction: MetricDirection;
  readonly optionsHash: string;
  readonly usesJudge: boolean;
  readonly threshold?: number;
  /** Whether every score is 0 or 1; found from the scores where it isn't said. */
  readonly binary?: boolean;
}

export interface RunScores {
  readonly reference: RunReference;
  readonly metrics: readonly RunMetric[];
  readonly cases: readonly CaseScores[];
}
