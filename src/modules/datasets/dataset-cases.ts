import type { EvaluationCase } from "../../../contracts/evaluation-case.ts";
import { splitLines } from "../../kernel/blob-lines.ts";
import type { Ctx } from "../../kernel/context.ts";
import { problem } from "../../kernel/problem.ts";
import { byteRange, indexPart } from "./case-index.rules.ts";
import type { DatasetVersionRow } from "./tables.ts";
import { uploadKeys } from "./upload-keys.ts";

type Blobs = Pick<Ctx, "ports">;

/** Opens one object of a version, or a range of it. @throws unavailable `datasets.object_missing` */
export async function openObject(ctx: Blobs, key: string, range?: { offset: number; length: number }) {
  const object = await ctx.ports.blobs.get(key, range);
  if (object) return object.body;
  throw problem("unavailable", "datasets.object_missing", "The file of this version can't be read now.", {
    data: { key },
  });
}

/** The JSON lines of the cases `from` ≤ n < `to` of a version, read by its index: only about that part is fetched. */
export async function* caseLines(
  ctx: Blobs,
  version: DatasetVersionRow,
  from: number,
  to: number,
): AsyncGenerator<string> {
  const end = Math.min(to, version.recordCount);
  if (from < 0 || from >= end) return;
  const keys = uploadKeys(version);
  const { offset, length, skip } = indexPart(from, end);
  const index = await new Response(await openObject(ctx, keys.index, { offset, length })).arrayBuffer();
  const body = await openObject(ctx, keys.cases, byteRange(new Uint8Array(index)));
  let place = -skip;
  for await (const line of splitLines(body)) {
    if (place >= 0) yield line;
    place += 1;
    if (place === end - from) return;
  }
}

/** The cases `from` ≤ n < `to` of a version, in the order of the file. */
export async function* casesOf(
  ctx: Blobs,
  version: DatasetVersionRow,
  from: number,
  to: number,
): AsyncGenerator<EvaluationCase> {
  for await (const line of caseLines(ctx, version, from, to)) yield JSON.parse(line) as EvaluationCase;
}
