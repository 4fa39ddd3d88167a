/** What the operator settled for the deployment and operations have to know. */
export interface Settings {
  readonly datasetMaxBytes: number;
  /** What metrics are called first: `maru` in `maru_runs_total`. */
  readonly metricsPrefix: string;
  /** What the operator set by variables of what tenants may set too, by the name of the setting. */
  readonly operator: Readonly<Record<string, boolean | number | undefined>>;
}
