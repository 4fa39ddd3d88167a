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
 * Proves the sender by what comes before the body; undefined where the source asks for a signature of it.
 * @throws unauthenticated `sources.token_invalid`
 */
export async function proveByToken(
  ctx: Ctx,
  source: SourceRow,
  headers: HttpMessage["headers"],
  token: string | undefined,
): Promise<EventProof | undefined> {
  if (source.proof === "none") return "none";
  if (source.proof === "signature") return undefined;
  const bearer = /^Bearer\s+(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1];
  const given = await sha256Hex(token ?? bearer ?? "");
  const { hash, before } = source.tokens;
  const overlapping = before !== null && Date.parse(before.until) > ctx.now.getTime();
  const known = [hash, ...(overlapping ? [before.hash] : [])];
  if (known.filter((one) => equalInConstantTime(one, given)).length > 0) return "token";
  throw problem(
    "unauthenticated",
    "sources.token_invalid",
    "The token in the address is not one of this source.",
  );
}

/**
 * Proves the sender by the signature of a whole request, by any of the source's secrets.
 * @throws unauthenticated `sources.signature_missing`, `sources.signature_invalid`, `sources.signature_stale`
 */
export async function proveBySignature(
  ctx: Ctx,
  source: SourceRow,
  message: HttpMessage,
): Promise<EventProof> {
  const secrets = await sourceSecrets(ctx, source);
  if (source.kind === "github") {
    await verifyGithub(message, secrets);
    return "github";
  }
  return (await verifyStandardWebhook(message, secrets, ctx.now.getTime())).proof;
}
