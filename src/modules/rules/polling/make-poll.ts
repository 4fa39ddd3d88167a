import type { Ctx } from "../../../kernel/context.ts";
import { AppError } from "../../../kernel/problem.ts";
import type { PollNote } from "./decide-polls.rules.ts";
import type { PollResult } from "./fed-inputs.rules.ts";
import { keepPoll } from "./keep-poll.ts";
import { pollRequest } from "./poll-request.rules.ts";
import { pollSecret } from "./poll-secret.ts";
import type { PollTask } from "./port.ts";
import { readAnswer } from "./read-answer.rules.ts";
import type { Reading } from "./reading.ts";

interface Asked {
  readonly reading: Reading;
  readonly retryAfterMs: number;
}

/** Makes a poll that was taken: asks its source once, tells the engine, then the clock. @throws when they can't be told */
export async function makePoll(ctx: Ctx, task: PollTask): Promise<void> {
  const { ruleClock, engine, meter } = ctx.ports;
  const { entry, dueAt } = task;
  const startedAt = Date.now();
  const { reading, retryAfterMs } = await ask(ctx, task);
  const tookMs = Date.now() - startedAt;
  const result: PollResult = reading.ok
    ? { ok: true, rows: reading.rows }
    : { ok: false, detail: reading.detail };
  const polled = { dueAt, intervalMs: task.intervalMs, result };
  // Alerts don't wait for the history, nor do they go without where it can't be written.
  const kept = keepPoll(ctx.ports.blobs, ctx.tenantId, entry, polled, startedAt + tookMs).catch((error) =>
    ctx.log("warn", "poll not kept", { error }),
  );
  try {
    for (const lineage of entry.lineages)
      await engine.samples(ctx.tenantId, lineage, dueAt, task.intervalMs, result);
  } catch (error) {
    await kept;
    await ruleClock.giveBack(ctx.tenantId, entry.id, dueAt);
    throw error;
  }
  const note = noteOf(reading, dueAt, tookMs);
  meter.count("maru_rule_polls_total", { tenant_id: ctx.tenantId, outcome: note.state });
  await kept;
  await ruleClock.report(ctx.tenantId, entry.id, note, retryAfterMs);
}

async function ask(ctx: Ctx, { entry, timeoutMs, dueAt }: PollTask): Promise<Asked> {
  const { metric } = entry;
  let secret: string | undefined;
  try {
    if (metric.secretName !== undefined) secret = await pollSecret(ctx, metric.secretName);
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== "not_found") throw error;
    return { reading: { ok: false, detail: `There is no secret ${metric.secretName}.` }, retryAfterMs: 0 };
  }
  const outcome = await ctx.ports.http.ask({ ...pollRequest(metric, dueAt, secret), timeoutMs });
  if (!outcome.answered) return { reading: { ok: false, detail: outcome.detail }, retryAfterMs: 0 };
  const reading = readAnswer(outcome, metric, dueAt);
  return {
    reading: secret === undefined ? reading : without(reading, secret),
    retryAfterMs: outcome.retryAfterMs,
  };
}

function noteOf(reading: Reading, dueAt: number, tookMs: number): PollNote {
  if (!reading.ok) return { dueAt, state: "error", detail: reading.detail, warnings: [], series: 0, tookMs };
  const series = reading.rows.length;
  const some = reading.rows.some(({ value }) => value !== null);
  const detail = series === 0 ? "There is no series." : some ? null : "No series has a value.";
  return { dueAt, state: some ? "ok" : "noData", detail, warnings: reading.warnings, series, tookMs };
}

/** The reading without the secret, should the source say it back. */
function without(reading: Reading, secret: string): Reading {
  const hide = (text: string) => (secret.length < 4 ? text : text.replaceAll(secret, "[secret]"));
  return reading.ok
    ? { ...reading, warnings: reading.warnings.map(hide) }
    : { ok: false, detail: hide(reading.detail) };
}
