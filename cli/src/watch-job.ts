import type { Job } from "../../contracts/jobs.ts";
import type { Cli } from "./cli.ts";
import type { Api } from "./client/api.ts";
import { followJob, isEnded } from "./client/follow-job.ts";
import { progressAfter } from "./client/job-progress.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { plain } from "./terminal/display-width.ts";

/** What became of watching: the job as it ended, or as it was left behind. */
export interface Watched {
  readonly job: Job;
  readonly left: boolean;
}

type Watcher = Pick<Cli, "machine" | "out" | "say">;

/**
 * Shows a job's progress until it has ended. An interrupt asks whether to cancel it or to leave; where nobody can be
 * asked it cancels. A second interrupt leaves at once.
 */
export async function watchJob(cli: Watcher, api: Api, job: Job): Promise<Watched> {
  const { out, say } = cli;
  const bar = out.progress(api.transport.now);
  const interrupts = hearInterrupts(cli, api, job.id, bar);
  let { progress, status } = job;
  const show = () => {
    if (!interrupts.asking()) bar.show(progress, say.jobStatus[status]);
  };
  try {
    show();
    const events = followJob(api, job.id, {
      signal: interrupts.left,
      onReconnect: () => out.note(say.reconnecting),
    });
    for (;;) {
      const next = await events.next();
      if (next.done) {
        await interrupts.cancelled();
        bar.clear();
        return { job: next.value, left: false };
      }
      progress = progressAfter(progress, next.value);
      if (next.value.type === "job.started") status = "RUNNING";
      show();
    }
  } catch (error) {
    bar.clear();
    if (!interrupts.left.aborted) throw error;
    out.note(say.leaving(job.id));
    return { job, left: true };
  } finally {
    interrupts.stop();
  }
}

interface Interrupts {
  /** Aborted when the user leaves the job to itself. */
  readonly left: AbortSignal;
  /** Whether a question stands on the screen. */
  asking(): boolean;
  /** Resolves when the job was told to end, if it was. */
  cancelled(): Promise<unknown>;
  stop(): void;
}

function hearInterrupts(
  { machine, out, say }: Watcher,
  api: Api,
  id: string,
  bar: { clear(): void },
): Interrupts {
  const leave = new AbortController();
  let count = 0;
  let asking = false;
  let cancelled: Promise<unknown> | undefined;
  const cancel = () => {
    bar.clear();
    out.note(say.cancelling);
    cancelled ??= api.call("jobs.job.cancel", { id }).catch(() => {});
  };
  const answered = (answer: string) => {
    asking = false;
    count = 0;
    if (/^[yㅛ예]/i.test(answer.trim())) cancel();
    else if (/^[nㅜ아]/i.test(answer.trim())) leave.abort();
  };
  const stopListening = machine.onInterrupt(() => {
    count++;
    if (count > 1) leave.abort();
    else if (!machine.canAsk || out.json) cancel();
    else {
      asking = true;
      bar.clear();
      void machine.ask(say.cancelOrLeave(id), leave.signal).then(answered, () => leave.abort());
    }
  });
  return {
    left: leave.signal,
    asking: () => asking,
    cancelled: async () => cancelled,
    stop() {
      stopListening();
      // A question that is still open would keep the process from ending.
      leave.abort();
    },
  };
}

/** Tells how a job ended, and with what the process should. */
export function endOfJob({ out, say }: Pick<Cli, "out" | "say">, { job, left }: Watched): ExitCode {
  if (left || !isEnded(job)) return exitCodes.interrupted;
  if (job.status === "SUCCEEDED") return exitCodes.ok;
  if (job.status === "CANCELLED") {
    out.note(say.jobCancelled(job.id));
    return exitCodes.interrupted;
  }
  const why = job.error === null ? "" : ` ${plain(job.error.message)} (${plain(job.error.code)})`;
  out.note(`${say.jobFailed(job.id)}${why}`);
  out.note(say.jobDead(job.id));
  return exitCodes.failed;
}
