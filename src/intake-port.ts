import type { IntakePort } from "./modules/sources/index.ts";
import type { Env } from "./platform/env.ts";
import { limitsOf } from "./platform/objects.ts";

const windowSeconds = 60;

/** Allowances of sources, counted by the limits object of each. */
export function intakePort(env: Env): IntakePort {
  return {
    async take(tenantId, sourceId, perMinute, now) {
      const grant = await limitsOf(env, tenantId, `source-${sourceId}`).take(
        1,
        perMinute,
        windowSeconds,
        now,
      );
      return { allowed: grant.granted > 0, retryAfterMs: Math.max(1_000, grant.endsAt - now) };
    },
  };
}
