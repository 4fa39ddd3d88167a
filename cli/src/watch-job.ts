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
  const { machine, out, say } = cli;
  const bar = out.progress(api.transport.now);
  const leave = new AbortController();
  let interrupts = 0;
  let cancelled: Promise<unknown> | undefined;
  let asking = false;
  let progress = job.progress;
  let status = job.status;
  const show = () => {
    if (!asking) bar.show(progress, say.jobStatus[status]);
  };
  const cancel = () => {
    bar.clear();
    out.note(say.cancelling);
    cancelled ??= api.call("jobs.job.cancel", { id: job.id }).catch(() => {});
  };
  const stopListening = machine.onInterrupt(() => {
    interrupts++;
    if (interrupts > 1) leave.abort();
    else if (!machine.canAsk || out.json) cancel();
    else {
      asking = true;
      bar.clear();
      void machine.ask(say.cancelOrLeave(job.id), leave.signal).then(
        (answer) => {
          asking = false;
          interrupts = 0;
          if (/^[yㅛ예]/i.test(answer.trim())) cancel();
          else if (/^[nㅜ아]/i.test(answer.trim())) leave.abort();
        },
        () => leave.abort(),
      );
    }
  });
  try {
    show();
    const events = followJob(api, job.id, {
      signal: leave.signal,
      onReconnect: () => out.note(say.reconnecting),
    });
    for (;;) {
      const next = await events.next();
      if (next.done) {
        await cancelled;
        bar.clear();
        return { job: next.value, left: false };
      }
      progress = progressAfter(progress, next.value);
      if (next.value.type === "job.started") status = "RUNNING";
      show();
    }
  } catch (error) {
    bar.clear();
    if (!leave.signal.aborted) throw error;
    out.note(say.leaving(job.id));
    return { job, left: true };
  } finally {
    stopListening();
    // A question that is still open would keep the process from ending.
    leave.abort();
  }
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
