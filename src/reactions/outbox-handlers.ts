import type { OutboxHandler } from "./outbox-handler.ts";
import { profileChanged, secretChanged } from "./resume-providers.ts";
import { sendJobWebhook } from "./send-job-webhook.ts";
import { tellClock } from "./tell-clock.ts";
import { tellEngine } from "./tell-engine.ts";
import { tellLimits } from "./tell-limits.ts";
import { tellRelay } from "./tell-relay.ts";
import { tellScheduler } from "./tell-scheduler.ts";

/** Who takes which topic. A message of a topic that nobody takes waits and is tried again. */
export const outboxHandlers: Readonly<Record<string, OutboxHandler>> = {
  "policy.changed": tellLimits,
  "tenant.created": tellLimits,
  "limits.changed": profileChanged,
  "secret.changed": secretChanged,
  "job.webhook": sendJobWebhook,
  "schedules.changed": tellScheduler,
  "rules.changed": tellEngine,
  "settings.changed": tellClock,
  "cluster.changed": tellRelay,
};
