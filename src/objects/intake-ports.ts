import type { EventsPort, LeftOut } from "../kernel/ports/events.ts";
import { problem } from "../kernel/problem.ts";
import type { IntakePort } from "../modules/sources/index.ts";
import type { Env } from "../platform/env.ts";
import { takeFrom } from "../platform/quota.ts";
import { believedShards, enginesOf, rememberShards } from "./engine-shards.ts";

/** Events go into every shard of the tenant's engine: one transaction a batch each, durable when all have answered; or first on a queue. */
export function eventsPort(env: Env): EventsPort {
  return {
    async enqueue(packet) {
      await env.EVENTS.send(packet, { contentType: "json" });
    },
    async publish(tenantId, events, lines) {
      // As text: written once for all shards, and read faster than a clone of so many objects.
      const text = lines === undefined ? JSON.stringify(events) : `[${lines.join(",")}]`;
      for (let attempt = 0; attempt < 2; attempt++) {
        const shards = believedShards(tenantId);
        const engines = enginesOf(env, tenantId, shards);
        const answers = (await Promise.all(
          engines.map((engine) => engine.ingest(text, shards)),
        )) as unknown as (LeftOut[] | { readonly shards: number })[];
        const [first] = answers;
        if (first !== undefined && !Array.isArray(first)) rememberShards(tenantId, (first as Told).shards);
        else if (answers.every((answer) => Array.isArray(answer))) return leftOutOnce(answers as LeftOut[][]);
      }
      throw problem(
        "unavailable",
        "rules.engine_changing",
        "The rule engine is taking up other rules; send the events again in a moment.",
      );
    },
  };
}

interface Told {
  readonly shards: number;
}

/** What any shard left out, by the place of the event: all of them know a repeat. */
function leftOutOnce(answers: readonly (readonly LeftOut[])[]): LeftOut[] {
  const byIndex = new Map<number, LeftOut>();
  for (const one of answers.flat()) if (!byIndex.has(one.index)) byIndex.set(one.index, one);
  return [...byIndex.values()].sort((a, b) => a.index - b.index);
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
