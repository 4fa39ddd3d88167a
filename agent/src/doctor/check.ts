/** One line of the doctor's report. */
export interface Check {
  readonly id: string;
  readonly title: string;
  readonly result: "ok" | "warn" | "fail";
  readonly detail: string;
  /** What to do next; absent where nothing is to be done. */
  readonly next?: string;
}
