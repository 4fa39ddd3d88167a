import type { Job, JobEvent } from "../../../contracts/jobs.ts";
import { ApiError, CliError } from "../failure.ts";
import type { Api } from "./api.ts";
import { readEvents } from "./event-stream.ts";
import { isTransient } from "./problem.ts";
import { backoffMs } from "./transport.ts";

export interface FollowOptions {
  /** The last event already seen, by `jobSeq`. */
  readonly after?: number;
  readonly signal?: AbortSignal | undefined;
  /** How long the server may stay away before following it is given up. */
  readonly patienceMs?: number;
  /** How long a stream may be silent before it is opened anew. */
  readonly idleMs?: number;
  readonly onReconnect?: (why: string) => void;
}

export const isEnded = (job: Pick<Job, "status">): boolean =>
  job.status === "SUCCEEDED" || job.status === "FAILED" || job.status === "CANCELLED";

/**
 * The events of a job from `after` on, each once and in order, until it has ended; returns the job as it ended. A
 * broken stream is resumed after the last event seen. Throws what the server refuses, and gives up on one that stays
 * away longer than `patienceMs`.
 */
export async function* followJob(
  api: Api,
  jobId: string,
  options: FollowOptions = {},
): AsyncGenerator<JobEvent, Job> {
  const { signal, patienceMs = 10 * 60_000, idleMs = 60_000 } = options;
  const { transport } = api;
  let seen = options.after ?? 0;
  let failures = 0;
  let lastHeard = transport.now();
  for (;;) {
    const before = seen;
    try {
      const headers = seen > 0 ? { "last-event-id": String(seen) } : {};
      const stream = await api.open("jobs.event.stream", { id: jobId }, { attempts: 1, signal, headers });
      if (stream.body) {
        for await (const message of readEvents(stream.body, idleMs)) {
          lastHeard = transport.now();
          failures = 0;
          const event = JSON.parse(message.data) as JobEvent;
          if (event.jobSeq <= seen) continue;
          seen = event.jobSeq;
          yield event;
        }
      }
      const job = await api.call<Job>("jobs.job.get", { id: jobId }, { attempts: 1, signal });
      if (isEnded(job) && (seen >= job.lastEventSeq || seen === before)) return job;
      lastHeard = transport.now();
      failures++;
    } catch (error) {
      if (signal?.aborted || !isPassing(error)) throw error;
      failures++;
      if (transport.now() - lastHeard > patienceMs) throw error;
      if (failures > 1) options.onReconnect?.(error instanceof Error ? error.message : String(error));
    }
    await transport.sleep(backoffMs(Math.min(failures, 5), transport.random()), signal);
  }
}

function isPassing(error: unknown): boolean {
  if (error instanceof ApiError) return isTransient(error.problem.status);
  return error instanceof CliError || error instanceof Error;
}
