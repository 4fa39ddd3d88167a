import { app } from "./app.ts";
import { consume } from "./consume.ts";
import type { Env } from "./platform/env.ts";
import { runSchedule } from "./schedule.ts";

export { AlertsObject } from "../durable-objects/alerts/alerts-object.ts";
export { EngineObject } from "../durable-objects/engine/engine-object.ts";
export { JobsObject } from "../durable-objects/jobs/jobs-object.ts";
export { LanesObject } from "../durable-objects/lanes/lanes-object.ts";
export { LedgerObject } from "../durable-objects/ledger/ledger-object.ts";
export { LimitsObject } from "../durable-objects/limits/limits-object.ts";
export { MetersObject } from "../durable-objects/meters/meters-object.ts";
export { RelayObject } from "../durable-objects/relay/relay-object.ts";
export { SchedulerObject } from "../durable-objects/scheduler/scheduler-object.ts";

export default {
  fetch: app.fetch,
  queue: consume,
  scheduled: (controller, env, ctx) =>
    runSchedule(env, new Date(controller.scheduledTime), (work) => ctx.waitUntil(work)),
} satisfies ExportedHandler<Env>;
