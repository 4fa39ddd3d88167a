import type { EventsPort, LeftOut } from "../kernel/ports/events.ts";
import type { IntakePort } from "../modules/sources/index.ts";
import type { Env } from "../platform/env.ts";
import { engineOf } from "../platform/objects.ts";
import { takeFrom } from "../platform/quota.ts";

/** Events go into the tenant's engine, one transaction a batch, or first on a queue. */
export function eventsPort(env: Env): EventsPort {
  return {
    async enqueue(packet) {
      await env.EVENTS.send(packet, { contentType: "json" });
    },
    publish: async (tenantId, events) =>
      (await engineOf(env, tenantId).ingest(events as never)) as unknown as LeftOut[],
  };
}

const minuteS = 60;

/** What a source lets in is counted by a limiter of its own. */
export function intakePort(env: Env): IntakePort {
  return {
    async take(tenantId, sourceId, perMinute, now) {
      const { granted, endsAt } = await takeFrom(
        env,
        tenantId,
        `source-${sourceId}`,
        perMinute,
        minuteS,
        now,
      );
      return { allowed: granted > 0, retryAfterMs: Math.max(0, endsAt - now) };
    },
  };
}
