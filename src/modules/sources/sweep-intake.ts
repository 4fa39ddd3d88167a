import type { Db } from "../../db/db.ts";
import type { BlobPort } from "../../kernel/ports/blob.ts";
import { forgetOld, listSourceLimits } from "./store.ts";

const rowsKeptDays = 90;
const dayMs = 86_400_000;
const pagesAtOnce = 20;

/** Deletes raw requests that are past their source's retention, and what was counted or set aside over 90 days ago. */
export async function sweepIntake(db: Db, blobs: BlobPort, now: Date): Promise<number> {
  await db.atomic((q) => forgetOld(q, new Date(now.getTime() - rowsKeptDays * dayMs)));
  let deleted = 0;
  for (const { tenantId, id, limits } of await listSourceLimits(db)) {
    const folder = `${tenantId}/ingest/${id}/`;
    const oldest = new Date(now.getTime() - (limits.retentionDays + 1) * dayMs).toISOString().slice(0, 10);
    let cursor: string | undefined;
    for (let page = 0; page < pagesAtOnce; page++) {
      const listed = await blobs.list(folder, cursor);
      const old = listed.items
        .map(({ key }) => key)
        .filter((key) => key.slice(folder.length).split("/", 1).join("") < oldest);
      if (old.length > 0) await blobs.delete(old);
      deleted += old.length;
      cursor = listed.cursor;
      if (cursor === undefined || old.length < listed.items.length) break;
    }
  }
  return deleted;
}
