import type { MeterPort } from "../../kernel/ports/meter.ts";
import type { MetricShape, Series } from "../../kernel/series.ts";
import { configOf } from "../config.ts";
import type { Env } from "../env.ts";
import { jsonLog } from "../log.ts";
import { metersOf } from "../objects.ts";
import { type Recorder, recorder } from "./recorder.ts";

const meterShards = 4;
// A holder whose request was cut off must not keep the others from sending.
const holdMs = 15_000;

/** What an isolate adds to a shard. `n` counts up per source, so that a batch sent twice counts once. */
export interface MeterBatch {
  readonly source: string;
  readonly n: number;
  readonly series: readonly Series[];
}

interface Isolate {
  readonly gathered: Recorder;
  readonly source: string;
  readonly shard: number;
  unsent: MeterBatch | undefined;
  sent: number;
  sentAt: number;
  heldAt: number;
}

const isolates = new WeakMap<object, Isolate>();

function isolateOf(env: Env, shapes: readonly MetricShape[]): Isolate {
  const known = isolates.get(env);
  if (known) return known;
  const refused = new Set<string>();
  const gathered = recorder(
    shapes,
    () => Date.now(),
    (name, reason) => {
      if (refused.has(name) || refused.size > 100) return;
      refused.add(name);
      jsonLog("info", {})("warn", "a measurement was refused", { metric: name, reason });
    },
  );
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  const made = {
    gathered,
    source: crypto.randomUUID(),
    shard: random % meterShards,
    unsent: undefined,
    sent: 0,
    sentAt: 0,
    heldAt: 0,
  };
  isolates.set(env, made);
  return made;
}

/**
 * Gathers in the isolate and sends to one of a few meter objects, once an interval (a second) at most. `flush` belongs
 * into `waitUntil`: it may wait the interval out, so that the last measurements of a quiet isolate arrive too. A batch of
 * a queue is only over when its `waitUntil` is: there it is sent at once.
 */
export function shardedMeter(env: Env, shapes: readonly MetricShape[]): MeterPort {
  const isolate = isolateOf(env, shapes);
  const { count, observe, gauge } = isolate.gathered;
  return {
    count,
    observe,
    gauge,
    async flush(when = "interval") {
      const now = Date.now();
      if (Math.abs(now - isolate.heldAt) < holdMs) return;
      isolate.heldAt = now;
      const intervalMs = when === "at_once" ? 0 : configOf(env).MARU_METRICS_INTERVAL_MS;
      // A clock that was set back must not make the wait longer.
      const waitMs = Math.min(intervalMs, isolate.sentAt + intervalMs - now);
      if (waitMs > 0) await scheduler.wait(waitMs);
      await send(env, isolate).finally(() => {
        isolate.heldAt = 0;
      });
    },
  };
}

async function send(env: Env, isolate: Isolate): Promise<void> {
  isolate.sentAt = Date.now();
  if (isolate.unsent === undefined) {
    const series = isolate.gathered.take();
    if (series.length === 0) return;
    isolate.sent += 1;
    isolate.unsent = { source: isolate.source, n: isolate.sent, series };
  }
  try {
    await metersOf(env, isolate.shard).push(isolate.unsent);
    isolate.unsent = undefined;
  } catch (error) {
    jsonLog("info", {})("warn", "measurements wait for the next send", { error });
  }
}

/** The series of every shard. Throws when one doesn't answer: a part would look as if counters had been reset. */
export async function readShards(env: Env): Promise<Series[]> {
  const shards = await Promise.all(
    Array.from({ length: meterShards }, (_, shard) => metersOf(env, shard).snapshot()),
  );
  return shards.flat();
}
