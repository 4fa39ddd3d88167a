import { systemCtx } from "../context.ts";
import { AppError } from "../kernel/problem.ts";
import { type JobSnapshot, publicJob } from "../modules/jobs/index.ts";
import { readSecret } from "../modules/secrets/index.ts";
import { egressOf } from "../platform/egress/egress-of.ts";
import { sendWebhook } from "../platform/webhooks/send-webhook.ts";
import type { OutboxHandler } from "./outbox-handler.ts";

const webhookAttempts = 12;

/** Sends the webhook of a job that ended; given up after twelve tries over about a day. */
export const sendJobWebhook: OutboxHandler = async (session, { tenantId, payload, attempts, id }) => {
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
  try {
    const secret = secretRef === null ? {} : { secret: await readSecret(ctx, secretRef) };
    const taken = await sendWebhook({ id, url, body, at: session.now, ...secret }, egressOf(session.env));
    if (!taken) ctx.log("warn", "webhook refused", { jobId: job.id, host });
  } catch (error) {
    const again = !(error instanceof AppError) || error.retryable;
    if (again && attempts + 1 < webhookAttempts) throw error;
    ctx.log("error", "webhook given up", { jobId: job.id, host, error });
  }
};
