import type { Ctx } from "../../../kernel/context.ts";
import { sha256Hex } from "../../../kernel/hash.ts";
import { problem } from "../../../kernel/problem.ts";
import { randomText } from "../random-text.ts";
import { writeKey } from "./key-text.rules.ts";
import { apiKeyOf } from "./schemas.ts";
import type { KeyRow } from "./store.ts";

export interface KeyOrder {
  readonly tenantId: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly projectIds: readonly string[] | null;
  readonly createdBy: string;
  readonly expiresAt?: string | undefined;
}

const secretLength = 32;

/** A new secret for a key: the text to show once, and the hash to keep (it is too long to be guessed from that). */
export async function newSecret(ctx: Ctx, keyId: string): Promise<{ text: string; hash: string }> {
  const text = writeKey(ctx.ports.tokens.keyEnvironment, keyId, randomText(secretLength));
  return { text, hash: await sha256Hex(text) };
}

/** The instant that a key expires at; one that has passed is refused. */
export function expiryOf(ctx: Ctx, expiresAt: string | null | undefined): Date | null {
  if (expiresAt === undefined || expiresAt === null) return null;
  const at = new Date(expiresAt);
  if (at > ctx.now) return at;
  const message = "The key would have expired already.";
  throw problem("invalid_input", "access.expiry_passed", message, {
    errors: [{ pointer: "/expiresAt", code: "in_the_past", message }],
  });
}

/** A key that is not stored yet: its row, what may be shown of it, and its text. */
export async function makeKey(ctx: Ctx, order: KeyOrder) {
  const id = ctx.newId("key");
  const secret = await newSecret(ctx, id);
  const row: KeyRow = {
    id,
    tenantId: order.tenantId,
    name: order.name,
    scopes: [...new Set(order.scopes)],
    projectIds: order.projectIds,
    secretHash: secret.hash,
    previousHash: null,
    previousUntil: null,
    createdBy: order.createdBy,
    expiresAt: expiryOf(ctx, order.expiresAt),
    revokedAt: null,
    lastUsedAt: null,
    version: 1,
    writeId: ctx.newId("wr"),
    createdAt: ctx.now,
    updatedAt: ctx.now,
  };
  return { row, shown: apiKeyOf(row, ctx.ports.tokens.keyEnvironment), text: secret.text };
}
