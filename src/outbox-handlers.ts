import { type Session, systemCtx } from "./context.ts";
import { AppError } from "./kernel/problem.ts";
import { type JobSnapshot, publicJob } from "./modules/jobs/index.ts";
import { allProfiles } from "./modules/profiles/index.ts";
import { findSchedule } from "./modules/schedules/index.ts";
import { readSecret } from "./modules/secrets/index.ts";
import { configOf } from "./platform/env.ts";
import { sendWebhook } from "./platform/webhooks/send-webhook.ts";
import { tenantLimits } from "./tenant-limits.ts";

/** A message of the outbox on its way out. */
export interface OutboxDelivery {
  /** Stable over repeats: what a handler does must be idempotent by it. */
  readonly id: string;
  readonly tenantId: string;
  readonly topic: string;
  readonly payload: unknown;
  /** Earlier attempts that failed. */
  readonly attempts: number;
}

/**
 * Hands one message on. A message is deleted only after its handler returned; a throw or 30 s of silence puts it off.
 * Delivery is at least once, several at a time and in no promised order.
 */
export type OutboxHandler = (session: Session, delivery: OutboxDelivery) => Promise<void>;

/** Tells the tenant's job object the limits that hold now; a late message only tells the newest again. */
const tellLimits: OutboxHandler = async (session, { tenantId, topic }) => {
  const ctx = systemCtx(session, tenantId, topic);
  const limits = await tenantLimits(ctx);
  await ctx.ports.jobs.execute(tenantId, {
    type: "set_limits",
    tenantId,
    limits,
    audit: { actor: "system:policy" },
  });
};

/** Lets jobs that wait for these providers try again: whoever changed a profile or its key may have mended it. */
async function resumeProviders(session: Session, tenantId: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const scope = { tenantId, kind: "provider" as const, name };
    await session.ports.jobs.execute(tenantId, {
      type: "resume",
      scope,
      audit: { actor: "system:profiles" },
    });
  }
}

const profileChanged: OutboxHandler = async (session, delivery) => {
  await tellLimits(session, delivery);
  const { profile } = delivery.payload as { profile: string };
  await resumeProviders(session, delivery.tenantId, [profile]);
};

const secretChanged: OutboxHandler = async (session, { tenantId, topic, payload }) => {
  const { name } = payload as { name: string };
  const profiles = await allProfiles(systemCtx(session, tenantId, topic));
  const users = profiles.filter(({ secretName }) => secretName === name);
  await resumeProviders(
    session,
    tenantId,
    users.map((profile) => profile.name),
  );
};

/** Tells the tenant's scheduler how a schedule stands now; gone or switched off, it forgets it. */
const tellScheduler: OutboxHandler = async (session, { tenantId, payload }) => {
  const { id, version } = payload as { id: string; version: number };
  const row = await findSchedule(session.db, tenantId, id);
  if (row === undefined || !row.enabled) {
    await session.ports.scheduler.put(tenantId, id, row?.version ?? version + 1, null);
    return;
  }
  const { schedule, policy, action, projectId, updatedAt } = row;
  const entry = { id, version: row.version, schedule, policy, action, projectId, from: updatedAt.getTime() };
  await session.ports.scheduler.put(tenantId, id, row.version, entry);
};

const webhookAttempts = 12;

/** Sends the webhook of a job that ended; given up after twelve tries over about a day. */
const sendJobWebhook: OutboxHandler = async (session, { tenantId, payload, attempts, id }) => {
  const { url, secretRef, event, job } = payload as {
    url: string;
    secretRef: string | null;
    event: string;
    job: JobSnapshot;
  };
  const ctx = systemCtx(session, tenantId, "jobs.webhook.send");
  const body = JSON.stringify({
    type: event,
    timestamp: session.now.toISOString(),
    data: publicJob(job, session.now.getTime()),
  });
  // The path and the query of a webhook's URL may be a credential: logs name its host only.
  const { host } = new URL(url);
  const hosts = configOf(session.env)
    .MARU_EGRESS_HTTP_HOSTS.split(",")
    .filter((host) => host !== "");
  try {
    const secret = secretRef === null ? {} : { secret: await readSecret(ctx, secretRef) };
    const taken = await sendWebhook({ id, url, body, at: session.now, ...secret }, hosts);
    if (!taken) ctx.log("warn", "webhook refused", { jobId: job.id, host });
  } catch (error) {
    const again = !(error instanceof AppError) || error.retryable;
    if (again && attempts + 1 < webhookAttempts) throw error;
    ctx.log("error", "webhook given up", { jobId: job.id, host, error });
  }
};

/** Who takes which topic. A message of a topic that nobody takes waits and is tried again. */
export const outboxHandlers: Readonly<Record<string, OutboxHandler>> = {
  "policy.changed": tellLimits,
  "tenant.created": tellLimits,
  "limits.changed": profileChanged,
  "secret.changed": secretChanged,
  "job.webhook": sendJobWebhook,
  "schedules.changed": tellScheduler,
};
