import { actorName, personOf } from "../../kernel/actor-name.ts";
import type { Ctx } from "../../kernel/context.ts";
import { sha256Hex } from "../../kernel/hash.ts";
import type { PromptVersionRow } from "./tables.ts";
import { checkedVariables } from "./template.rules.ts";

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
    createdBy: actorName(ctx.actor),
    authorId: personOf(ctx.actor),
    createdAt: ctx.now,
    approvedBy: null,
    approvedAt: null,
    deprecatedAt: null,
    writeId: ctx.newId("wr"),
  };
}
