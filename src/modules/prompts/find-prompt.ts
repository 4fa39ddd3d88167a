import type { Ctx } from "../../kernel/context.ts";
import { problem } from "../../kernel/problem.ts";
import { reaches } from "../../kernel/project-reach.ts";
import { parseVersionRef } from "../../kernel/registry-name.ts";
import { findPrompt, findPromptVersion } from "./store.ts";
import type { PromptRow, PromptVersionRow } from "./tables.ts";

/** The prompt of an id or a name. @throws not_found `prompts.unknown` */
export async function mustFindPrompt(ctx: Ctx, by: { id: string } | { name: string }): Promise<PromptRow> {
  const row = await findPrompt(ctx.db, ctx.tenantId, by);
  if (row && reaches(ctx.actor, row.projectId)) return row;
  throw problem("not_found", "prompts.unknown", `There is no prompt ${"id" in by ? by.id : `"${by.name}"`}.`);
}

/** One version of a prompt that was found. @throws not_found `prompts.version_unknown` */
export async function mustFindVersion(
  ctx: Ctx,
  prompt: PromptRow,
  version: number,
): Promise<PromptVersionRow> {
  const row = await findPromptVersion(ctx.db, ctx.tenantId, prompt.id, version);
  if (row) return row;
  throw problem("not_found", "prompts.version_unknown", `Prompt "${prompt.name}" has no version ${version}.`);
}

/**
 * The version that a reference means: `id`, `id@version`, `name` or `name@version`; without a version the highest that
 * is approved.
 * @throws not_found `prompts.unknown` / `prompts.version_unknown`, conflict `prompts.none_approved`
 */
export async function mustFindPromptVersion(ctx: Ctx, ref: string) {
  const parsed = parseVersionRef("prm", ref);
  if (!parsed) throw problem("not_found", "prompts.unknown", `"${ref}" names no prompt.`);
  const prompt = await mustFindPrompt(
    ctx,
    parsed.id === undefined ? { name: parsed.name ?? "" } : { id: parsed.id },
  );
  const version = parsed.version ?? prompt.approvedVersion;
  if (version === null) {
    throw problem("conflict", "prompts.none_approved", `No version of prompt "${prompt.name}" is approved.`);
  }
  return { prompt, version: await mustFindVersion(ctx, prompt, version) };
}
