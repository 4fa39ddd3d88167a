import type { Env } from "../platform/env.ts";
import { engineOf } from "../platform/objects.ts";

type Engine = ReturnType<typeof engineOf>;

/** What this isolate was told last; the first shard corrects it, so that no look-up stands before an event. */
const lastTold = new Map<string, number>();
const mostRemembered = 10_000;

/** How many shards a tenant has, as far as is known here without asking. */
export function believedShards(tenantId: string): number {
  return lastTold.get(tenantId) ?? 1;
}

export function rememberShards(tenantId: string, shards: number): void {
  if (lastTold.size >= mostRemembered) lastTold.clear();
  if (shards === 1) lastTold.delete(tenantId);
  else lastTold.set(tenantId, shards);
}

/** The first so many engines of a tenant. */
export function enginesOf(env: Env, tenantId: string, shards: number): Engine[] {
  return Array.from({ length: shards }, (_, shard) => engineOf(env, tenantId, shard));
}

/** Every engine of a tenant, by what the first one says. */
export async function allEngines(env: Env, tenantId: string): Promise<Engine[]> {
  const shards = await engineOf(env, tenantId).agreeShards(null);
  rememberShards(tenantId, shards);
  return enginesOf(env, tenantId, shards);
}
