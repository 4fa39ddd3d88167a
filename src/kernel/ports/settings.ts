/** What the operator settled for the deployment and operations have to know. */
export interface Settings {
  readonly datasetMaxBytes: number;
}
