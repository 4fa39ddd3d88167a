import type { JobState } from "../../../../contracts/jobs.ts";
import type { Failure } from "../../../kernel/problem.ts";

interface Refusal {
  readonly ok: false;
  readonly failure: Failure;
}

/** No such job, or another tenant's: the caller can't tell which. */
export function unknown(jobId: string): Refusal {
  return {
    ok: false,
    failure: { kind: "not_found", code: "jobs.unknown", detail: `There is no job ${jobId}.` },
  };
}

/** The lease isn't the worker's any more: stop, and don't report under it again. */
export function staleLease(jobId: string, token: number, state: JobState | null): Refusal {
  return {
    ok: false,
    failure: {
      kind: "conflict",
      code: "jobs.stale_lease",
      detail: "The lease was taken away or has ended; the report is not recorded.",
      data: { jobId, token, state },
    },
  };
}

/** The refusal of one field of a command. */
export function invalid(pointer: string, code: string, message: string): Refusal {
  return {
    ok: false,
    failure: {
      kind: "invalid_input",
      code: "jobs.invalid",
      detail: message,
      errors: [{ pointer, code, message }],
    },
  };
}
