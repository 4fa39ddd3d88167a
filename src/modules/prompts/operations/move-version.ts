import type { Ctx } from "../../../kernel/context.ts";
import { mustChangeWithin } from "../../../kernel/project-reach.ts";
import { mustFindPrompt, mustFindVersion } from "../find-prompt.ts";
import { promptAfter } from "../prompt-status.rules.ts";
import { approvedBeside, replacePrompt, replacePromptVersion } from "../store.ts";
import type { PromptVersionRow } from "../tables.ts";
import { promptVersionFacts, promptVersionOf } from "../wire.ts";

/** Gives a version its next status and the prompt its approved version, in one write. */
export async function moveVersion(
  ctx: Ctx,
  ref: { id: string; version: number },
  move: (version: PromptVersionRow) => PromptVersionRow,
) {
  const prompt = await mustFindPrompt(ctx, { id: ref.id });
  mustChangeWithin(ctx.actor, prompt.projectId);
  const before = await mustFindVersion(ctx, prompt, ref.version);
  const writeId = ctx.newId("wr");
  const after = { ...move(before), writeId };
  const others = await approvedBeside(ctx.db, ctx.tenantId, prompt.id, after.version);
  const next = { ...promptAfter(prompt, after, others, ctx.now), writeId };
  await ctx.write(
    {
      entity: `prompt:${prompt.id}@${after.version}`,
      before: promptVersionFacts(before),
      after: promptVersionFacts(after),
      ...(prompt.projectId === null ? {} : { projectId: prompt.projectId }),
    },
    (q) => [...replacePromptVersion(q, after, before.status), ...replacePrompt(q, next, prompt.version)],
  );
  return promptVersionOf(after);
}
