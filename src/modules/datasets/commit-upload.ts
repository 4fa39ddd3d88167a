import type { Statement, WriteDb } from "../../db/db.ts";
import type { Change, Ctx } from "../../kernel/context.ts";
import { AppError } from "../../kernel/problem.ts";
import { overtakenBy } from "./repeated-upload.ts";
import { findUploaded } from "./store.ts";
import { discardUpload } from "./store-upload.ts";
import type { DatasetVersionRow } from "./tables.ts";
import { uploadKeys } from "./upload-keys.ts";

export type CommitOutcome =
  | { readonly outcome: "committed" }
  | { readonly outcome: "overtaken"; readonly by: DatasetVersionRow }
  | { readonly outcome: "lost"; readonly error: AppError };

/**
 * Writes an uploaded version. `lost`: another writer was first, and the objects are still there for another try. When
 * an error leaves it open whether the write was done, the database is asked before any object goes.
 */
export async function commitUpload(
  ctx: Ctx,
  version: DatasetVersionRow,
  change: Change,
  build: (q: WriteDb) => readonly Statement[],
): Promise<CommitOutcome> {
  try {
    await ctx.write(change, build);
    return { outcome: "committed" };
  } catch (error) {
    const stored = await findUploaded(ctx.db, ctx.tenantId, { uploadId: version.uploadId });
    if (stored) return { outcome: "committed" };
    const keys = uploadKeys(version);
    if (!(error instanceof AppError) || error.kind !== "conflict") {
      await discardUpload(ctx, keys);
      throw error;
    }
    try {
      const by = await overtakenBy(ctx, version);
      if (!by) return { outcome: "lost", error };
      await discardUpload(ctx, keys);
      return { outcome: "overtaken", by };
    } catch (refusal) {
      await discardUpload(ctx, keys);
      throw refusal;
    }
  }
}
