import type { SchedulerPort } from "../modules/schedules/index.ts";
import type { Env } from "../platform/env.ts";
import { schedulerOf } from "../platform/objects.ts";

/** The tenants' schedulers behind the port. */
export function schedulerPort(env: Env): SchedulerPort {
  return {
    put: (tenantId, id, version, entry) => schedulerOf(env, tenantId).put(id, version, entry),
    runs: (tenantId, scheduleId, before, limit) => schedulerOf(env, tenantId).runs(scheduleId, before, limit),
  };
}
