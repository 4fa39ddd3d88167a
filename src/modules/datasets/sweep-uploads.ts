import type { Ctx } from "../../kernel/context.ts";
import { knownUploads } from "./store.ts";
import { uploadIdOf, uploadsOf } from "./upload-keys.ts";

const graceMs = 24 * 3600_000;
const batch = 90;

/**
 * Removes the objects of the tenant's uploads that became no version within a day: what a request left that died
 * half-way. Gives how many objects went. Safe to run at any time and again.
 */
export async function sweepUploads(ctx: Pick<Ctx, "db" | "tenantId" | "ports" | "now">): Promise<number> {
  const { blobs } = ctx.ports;
  let removed = 0;
  let cursor: string | undefined;
  do {
    const page = await blobs.list(uploadsOf(ctx.tenantId), cursor);
    const old = page.items.filter(({ uploadedAt }) => ctx.now.getTime() - uploadedAt.getTime() > graceMs);
    const uploads = [...new Set(old.map(({ key }) => uploadIdOf(key)))];
    for (let i = 0; i < uploads.length; i += batch) {
      const some = uploads.slice(i, i + batch);
      const known = await knownUploads(ctx.db, ctx.tenantId, some);
      const lost = new Set(some.filter((id) => !known.has(id)));
      const keys = old.filter(({ key }) => lost.has(uploadIdOf(key))).map(({ key }) => key);
      if (keys.length > 0) await blobs.delete(keys);
      removed += keys.length;
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
  return removed;
}
