/** What the operator settled for the deployment and operations have to know. */
export interface Settings {
  readonly datasetMaxBytes: number;
  /** What metrics are called first: `maru` in `maru_runs_total`. */
  readonly metricsPrefix: string;
}
