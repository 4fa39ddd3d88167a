import type { JobState, JobStatus } from "../../../../contracts/jobs.ts";

/** Every move a job may make. What isn't here is refused and counted; the last five states are final. */
export const transitions: Readonly<Record<"NEW" | JobState, readonly JobState[]>> = {
  NEW: ["SCHEDULED", "READY", "BLOCKED"],
  SCHEDULED: ["READY", "BLOCKED", "CANCELLED", "EXPIRED", "FAILED"],
  READY: ["LEASED", "BLOCKED", "CANCELLED", "EXPIRED"],
  LEASED: ["READY", "RETRY_WAIT", "BLOCKED", "CANCELLING", "SUCCEEDED", "FAILED", "DEAD", "EXPIRED"],
  RETRY_WAIT: ["READY", "BLOCKED", "CANCELLED", "EXPIRED"],
  BLOCKED: ["READY", "SCHEDULED", "BLOCKED", "CANCELLED", "EXPIRED", "FAILED"],
  CANCELLING: ["CANCELLED"],
  CANCELLED: [],
  SUCCEEDED: [],
  FAILED: [],
  DEAD: [],
  EXPIRED: [],
};

/** Whether the table has the move. */
export function mayMove(from: "NEW" | JobState, to: JobState): boolean {
  return transitions[from].includes(to);
}

/** Whether a job in this state has ended for good. */
export function isFinal(state: JobState): boolean {
  return transitions[state].length === 0;
}

/** Whether the state takes one of the places that a concurrency key has. */
export function isRunning(state: JobState): boolean {
  return state === "LEASED" || state === "CANCELLING";
}

const statuses: Readonly<Record<JobState, JobStatus>> = {
  SCHEDULED: "QUEUED",
  READY: "QUEUED",
  RETRY_WAIT: "QUEUED",
  BLOCKED: "QUEUED",
  LEASED: "RUNNING",
  CANCELLING: "RUNNING",
  SUCCEEDED: "SUCCEEDED",
  FAILED: "FAILED",
  DEAD: "FAILED",
  EXPIRED: "FAILED",
  CANCELLED: "CANCELLED",
};

/** The public status of a state. */
export function statusOf(state: JobState): JobStatus {
  return statuses[state];
}

/** The public reason: why it waits, or how it ended; null when the status says it all. */
export function reasonCodeOf(state: JobState, reason: string | null): string | null {
  switch (state) {
    case "SCHEDULED":
      return "scheduled";
    case "RETRY_WAIT":
      return "retry_wait";
    case "CANCELLING":
      return "cancelling";
    case "BLOCKED":
      return `blocked_${reason ?? "unknown"}`;
    case "READY":
    case "LEASED":
    case "SUCCEEDED":
      return null;
    default:
      return reason;
  }
}
