/** A job queue that takes part in the comparison. Jobs do nothing; a queue's name is used for one run. */
export interface Subject {
  readonly name: string;
  /** Its processes besides this one. */
  readonly pids: readonly number[];
  prepare(queue: string): Promise<void>;
  /** Submits jobs in bulks, one after the other. */
  submit(queue: string, jobs: number, bulk: number): Promise<void>;
  /** Works until `jobs` results are stored, `claim` at a time. */
  drain(queue: string, jobs: number, claim: number): Promise<void>;
  /** Submits in hundreds and works at the same time; milliseconds from submit to stored result, one a job. */
  flow(queue: string, jobs: number): Promise<readonly number[]>;
  /** One job after the other, each submitted when the one before it has its result. */
  single(queue: string, jobs: number): Promise<readonly number[]>;
  stop(): Promise<void>;
}
