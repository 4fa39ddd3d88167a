import type { Job, JobEvent } from "../../../contracts/jobs.ts";
import type { Cli } from "../cli.ts";
import { plain } from "../terminal/display-width.ts";
import { duration, instant, money } from "../terminal/numbers.ts";
import { type Column, record } from "../terminal/table.ts";

type View = Pick<Cli, "out" | "say">;

/** The status as filters take it, with the reason where there is one. */
function statusText(job: Pick<Job, "status" | "reasonCode">): string {
  return job.reasonCode === null ? job.status : `${job.status} (${job.reasonCode})`;
}

function paintStatus({ out }: Pick<Cli, "out">, status: Job["status"]): (text: string) => string {
  if (status === "SUCCEEDED") return out.paint.green;
  if (status === "FAILED") return out.paint.red;
  return status === "CANCELLED" ? out.paint.yellow : (text) => text;
}

export function jobColumns(cli: View): readonly Column<Job>[] {
  const { say } = cli;
  return [
    { title: say.id, of: ({ id }) => id },
    { title: say.type, of: ({ type }) => type },
    {
      title: say.status,
      of: statusText,
      paint: (text, { status }) => paintStatus(cli, status)(text),
    },
    { title: say.progress, align: "right", of: progressText },
    { title: say.created, of: ({ requestedAt }) => instant(requestedAt) },
    { title: say.result, of: ({ resultRef, error }) => resultRef ?? error?.code },
  ];
}

/** One job on a page of its own. */
export function jobRecord(cli: View, job: Job): string {
  const { say } = cli;
  const status = paintStatus(cli, job.status);
  return [
    record([
      [say.id, job.id],
      [say.type, job.type],
      [say.progress, progressText(job)],
      [say.priority, job.priority],
      [say.attempt, `${job.attempt}/${job.maxAttempts}`],
      [say.cost, money(job.costMicros)],
      [say.created, instant(job.requestedAt)],
      [say.started, instant(job.startedAt)],
      [say.ended, instant(job.finishedAt)],
      [say.result, job.resultRef],
    ]),
    `${say.status}: ${status(statusText(job))}`,
    ...(job.etaMs === null ? [] : [say.eta(duration(job.etaMs))]),
    ...(job.error === null ? [] : [`${say.failure}: ${plain(job.error.message)} (${plain(job.error.code)})`]),
  ].join("\n");
}

export function eventLine(event: JobEvent): string {
  const at = new Date(event.at).toISOString().slice(11, 23);
  const data = Object.entries(event.data)
    .filter(([, value]) => value !== null && typeof value !== "object")
    .map(([name, value]) => `${name}=${String(value)}`);
  return plain([at, String(event.jobSeq).padStart(3), event.type, ...data].join("  "));
}

const progressText = ({ progress }: Pick<Job, "progress">): string =>
  `${progress.done + progress.failed + progress.skipped}/${progress.total}`;
