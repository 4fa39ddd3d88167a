import type { Ctx } from "../../kernel/context.ts";
import { problem } from "../../kernel/problem.ts";
import { contentHash } from "./formats/content-hash.ts";
import { findUploaded } from "./store.ts";
import { mustHaveFile } from "./store-upload.ts";
import type { DatasetVersionRow } from "./tables.ts";
import { requestHashOf, requestKeyOf } from "./upload-version.ts";

/**
 * The version that an earlier request with the same `Idempotency-Key` made, when this one brings the same fields and
 * the same file: the file is hashed as it arrives and stored nowhere.
 * @throws invalid_input `idempotency.other_body` when anything differs
 */
export async function repeatedUpload(ctx: Ctx): Promise<DatasetVersionRow | undefined> {
  const requestKey = await requestKeyOf(ctx);
  if (requestKey === null) return undefined;
  const earlier = await findUploaded(ctx.db, ctx.tenantId, { requestKey });
  if (!earlier) return undefined;
  const hash = contentHash();
  for await (const piece of mustHaveFile(ctx).stream) await hash.update(piece);
  mustRepeat(earlier, await requestHashOf(ctx, await hash.hex()));
  return earlier;
}

/** The version that a request with the same key made while this one's file was stored, if one did. */
export async function overtakenBy(ctx: Ctx, mine: DatasetVersionRow): Promise<DatasetVersionRow | undefined> {
  const { requestKey, requestHash } = mine;
  const other = requestKey === null ? undefined : await findUploaded(ctx.db, ctx.tenantId, { requestKey });
  if (!other || other.uploadId === mine.uploadId) return undefined;
  mustRepeat(other, requestHash);
  return other;
}

function mustRepeat(earlier: DatasetVersionRow, requestHash: string | null): void {
  if (earlier.requestHash === requestHash) return;
  throw problem(
    "invalid_input",
    "idempotency.other_body",
    "This Idempotency-Key was used with another request. Use a new key.",
    { errors: [{ pointer: "/header/Idempotency-Key", code: "reused", message: "Used with another file." }] },
  );
}
