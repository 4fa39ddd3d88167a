import type { Db } from "../../db/db.ts";
import type { BlobPort } from "../../kernel/ports/blob.ts";
import { type IntakeFolder, intakePrefixes, readIntakeKey } from "./history/intake-key.rules.ts";
import { forgetOld, listSourceLimits } from "./store.ts";

const rowsKeptDays = 90;
const dayMs = 86_400_000;
const pagesAtOnce = 20;
/**
 * What travels by reference outlives its journey, which a queue may take four days for, even where nothing is kept. Polls
 * have no source whose retention could hold.
 */
const shortestDays: Readonly<Record<IntakeFolder, number>> = { events: 0, ingest: 4, polls: 30 };
const ofNoSource: ReadonlyMap<string, number> = new Map();

/**
 * Deletes what came in and is past its source's retention, and what was counted or set aside over 90 days ago. Of a
 * tenant whose sources keep for different times, an hour of the day is swept at each hour; of a source that is gone,
 * objects go with the oldest of the others.
 */
export async function sweepIntake(
  db: Db,
  blobs: BlobPort,
  tenantIds: readonly string[],
  now: Date,
): Promise<number> {
  await db.atomic((q) => forgetOld(q, new Date(now.getTime() - rowsKeptDays * dayMs)));
  const byTenant = Map.groupBy(await listSourceLimits(db), ({ tenantId }) => tenantId);
  let deleted = 0;
  for (const tenantId of new Set([...tenantIds, ...byTenant.keys()])) {
    const days = new Map(
      (byTenant.get(tenantId) ?? []).map(({ id, limits }) => [id, limits.retentionDays] as const),
    );
    for (const folder of ["events", "ingest", "polls"] as const)
      deleted += await sweepFolder(
        blobs,
        tenantId,
        folder,
        folder === "polls" ? ofNoSource : days,
        now.getTime(),
      );
  }
  return deleted;
}

async function sweepFolder(
  blobs: BlobPort,
  tenantId: string,
  folder: IntakeFolder,
  days: ReadonlyMap<string, number>,
  now: number,
): Promise<number> {
  const least = shortestDays[folder];
  const endOf = (kept: number) => now - Math.max(least, kept) * dayMs;
  const oldest = endOf(Math.max(0, ...days.values()));
  const newest = endOf(Math.min(rowsKeptDays, ...days.values()));
  const expired = (key: string) => {
    const { at = now, sourceId = "" } = readIntakeKey(key) ?? {};
    return at < oldest || (days.has(sourceId) && at < endOf(days.get(sourceId) ?? 0));
  };
  let deleted = await deletePages(blobs, `${tenantId}/${folder}/`, expired, false);
  if (newest <= oldest) return deleted;
  const hour = new Date(now).getUTCHours();
  for (const day of intakePrefixes(tenantId, folder, oldest, Math.max(newest, oldest + 2 * dayMs)))
    deleted += await deletePages(blobs, `${day}${String(hour).padStart(2, "0")}/`, expired, true);
  return deleted;
}

/** Deletes from the oldest on; unless `whole`, until a page holds something that stays. */
async function deletePages(
  blobs: BlobPort,
  prefix: string,
  expired: (key: string) => boolean,
  whole: boolean,
): Promise<number> {
  let deleted = 0;
  let cursor: string | undefined;
  for (let page = 0; page < pagesAtOnce; page++) {
    const listed = await blobs.list(prefix, cursor);
    const old = listed.items.map(({ key }) => key).filter(expired);
    if (old.length > 0) await blobs.delete(old);
    deleted += old.length;
    cursor = listed.cursor;
    if (cursor === undefined || (!whole && old.length < listed.items.length)) break;
  }
  return deleted;
}
