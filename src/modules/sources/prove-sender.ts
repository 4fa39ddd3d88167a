import type { EventProof } from "../../../contracts/events.ts";
import type { Ctx } from "../../kernel/context.ts";
import { equalInConstantTime, sha256Hex } from "../../kernel/hash.ts";
import { problem } from "../../kernel/problem.ts";
import type { HttpMessage } from "./receiving/event-draft.ts";
import { verifyGithub } from "./receiving/github.ts";
import { verifyStandardWebhook } from "./receiving/standard-webhooks.ts";
import { sourceSecrets } from "./source-secrets.ts";
import type { SourceRow } from "./tables.ts";

/**
 * Proves who sent a request as its source asks for it.
 * @throws unauthenticated `sources.token_invalid` and those of the signatures
 */
export async function proveSender(
  ctx: Ctx,
  source: SourceRow,
  message: HttpMessage,
  token: string | undefined,
): Promise<EventProof> {
  if (source.proof === "none") return "none";
  if (source.proof === "token") {
    const bearer = /^Bearer\s+(\S+)$/i.exec(message.headers.get("authorization") ?? "")?.[1];
    const given = await sha256Hex(token ?? bearer ?? "");
    const { hash, before } = source.tokens;
    const known = [
      hash,
      ...(before !== null && Date.parse(before.until) > ctx.now.getTime() ? [before.hash] : []),
    ];
    if (known.filter((one) => equalInConstantTime(one, given)).length > 0) return "token";
    throw problem(
      "unauthenticated",
      "sources.token_invalid",
      "The token in the address is not one of this source.",
    );
  }
  const secrets = await sourceSecrets(ctx, source);
  if (source.kind === "github") {
    await verifyGithub(message, secrets);
    return "github";
  }
  return (await verifyStandardWebhook(message, secrets, ctx.now.getTime())).proof;
}
