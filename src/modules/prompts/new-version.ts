import type { Ctx } from "../../kernel/context.ts";
import { sha256Hex } from "../../kernel/hash.ts";
import type { PromptVersionRow } from "./tables.ts";
import { checkedVariables } from "./template.rules.ts";

/** Who acts, as rows and events name it. */
export const actorName = (ctx: Ctx): string => `${ctx.actor.kind}:${ctx.actor.id}`;

/** The person who acts: the owner of an API key, else the actor. */
export const personOf = (ctx: Ctx): string => ctx.actor.ownerId ?? ctx.actor.id;

/** The row of a new draft: its variables checked, its checksum the SHA-256 of its text. */
export async function newVersion(
  ctx: Ctx,
  at: { promptId: string; version: number },
  text: { content: string; variables?: string[] | undefined },
): Promise<PromptVersionRow> {
  return {
    ...at,
    tenantId: ctx.tenantId,
    content: text.content,
    variables: checkedVariables(text.content, text.variables),
    checksum: await sha256Hex(text.content),
    status: "draft",
    createdBy: actorName(ctx),
    authorId: personOf(ctx),
    createdAt: ctx.now,
    approvedBy: null,
    approvedAt: null,
    deprecatedAt: null,
    writeId: ctx.newId("wr"),
  };
}
