/** What the bench asks of the jobs Worker: one measured run inside it, as a queue consumer would call the object. */
export type JobsPlan =
  | { readonly kind: "limits"; readonly tenant: string }
  /** Waits until nothing is left to tell the read model. */
  | { readonly kind: "settle"; readonly tenant: string }
  | {
      readonly kind: "submit";
      readonly tenant: string;
      readonly jobs: number;
      readonly bulk: number;
      readonly inFlight: number;
    }
  | {
      readonly kind: "drain";
      readonly tenant: string;
      readonly jobs: number;
      readonly claim: number;
      readonly workers: number;
      readonly report: Report;
    }
  | {
      readonly kind: "flow";
      readonly tenant: string;
      readonly jobs: number;
      readonly bulk: number;
      readonly claim: number;
      readonly workers: number;
      readonly report: Report;
    }
  | { readonly kind: "single"; readonly tenant: string; readonly jobs: number };

/** `batch`: results travel together with the next claim. `each`: every result is said for itself; the port sends together what is said at once. */
export type Report = "batch" | "each";

export interface JobsOutcome {
  readonly jobs: number;
  readonly elapsedMs: number;
  /** Submit to result, one a job, in milliseconds; empty where it isn't measured. */
  readonly latencies: readonly number[];
}
