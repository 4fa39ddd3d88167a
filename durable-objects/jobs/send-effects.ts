import type { Session } from "../../src/context.ts";
import type { Effect } from "../../src/modules/jobs/engine/effects.ts";
import { relayEffects } from "../../src/modules/jobs/index.ts";
import { laneOf, pokeLedger } from "../../src/platform/objects.ts";

/** Sends what decisions led to: turns to the lanes first, then the database, then what is only counted or cleaned. */
export async function sendEffects(
  session: Session,
  tenantId: string,
  effects: readonly Effect[],
): Promise<void> {
  const turns = new Map<string, number>();
  for (const effect of effects) {
    if (effect.kind === "permit") turns.set(effect.lane, (turns.get(effect.lane) ?? 0) + effect.count);
  }
  for (const [lane, count] of turns) await laneOf(session.env, lane).request(tenantId, count, 1);
  const told = await relayEffects(session.db, tenantId, effects, session.now);
  if (told > 0) await pokeLedger(session.env, tenantId);
  for (const effect of effects) {
    if (effect.kind === "finished") {
      const { type, status, reasonCode } = effect.job;
      session.ports.meter.count("maru_jobs_total", { tenant_id: tenantId, type, status });
      if (status === "FAILED") {
        session.ports.meter.count("maru_job_failures_total", {
          tenant_id: tenantId,
          type,
          reason: reasonCode ?? "",
        });
      }
    }
    if (effect.kind === "purged") await deleteObjects(session, `${tenantId}/jobs/${effect.jobId}/`);
  }
}

async function deleteObjects(session: Session, prefix: string): Promise<void> {
  for (let cursor: string | undefined; ; ) {
    const page = await session.ports.blobs.list(prefix, cursor);
    if (page.items.length > 0) await session.ports.blobs.delete(page.items.map(({ key }) => key));
    cursor = page.cursor;
    if (cursor === undefined) return;
  }
}
