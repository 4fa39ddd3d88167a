import type { Db } from "../../db/db.ts";
import type { Actor } from "../../kernel/context.ts";
import { equalInConstantTime, sha256Hex } from "../../kernel/hash.ts";
import type { Ports } from "../../kernel/ports/ports.ts";
import { effectiveGrants } from "./grants.rules.ts";
import { isStampDue, judgeKey } from "./keys/key-state.rules.ts";
import { readKey } from "./keys/key-text.rules.ts";
import { findKeyOfAnyTenant, stampKey } from "./keys/store.ts";
import { refused } from "./problems.ts";
import { findSession } from "./sessions/store.ts";
import type { UserRow } from "./users/store.ts";

export interface AuthenticationHost {
  readonly db: Db;
  readonly ports: Pick<Ports, "tokens">;
  readonly now: Date;
  /** Work that the answer needn't wait for. */
  after(work: Promise<unknown>): void;
}

/** Who sends no credential. */
export const nobody: Actor = { kind: "anonymous", id: "nobody", tenantId: "", grants: [] };

/** Who sends the bootstrap token: nobody with one right, which the bootstrap operation knows by this id. */
export const bootstrapActorId = "bootstrap";

/**
 * Tells who sends an `Authorization` header: an API key, a user's access token, the bootstrap token, or nobody. Each
 * credential costs one read, so that revoking a key, ending a session and changing a user count from the next request.
 * Throws `unauthenticated` for a credential that isn't good (any longer).
 */
export async function authenticate(host: AuthenticationHost, header: string | null): Promise<Actor> {
  if (header === null || header.trim() === "") return nobody;
  const [, credential] = /^Bearer +([\w.~+/=-]+)$/i.exec(header.trim()) ?? [];
  if (credential === undefined) {
    throw refused(
      "credentials_malformed",
      "Send `Authorization: Bearer` with an API key or an access token.",
    );
  }
  if (credential.split(".").length === 3) return actorOfToken(host, credential);
  const key = readKey(credential);
  if (key !== undefined) return actorOfKey(host, credential, `key_${key.id}`, key.environment);
  if (await host.ports.tokens.isBootstrapToken(credential)) return { ...nobody, id: bootstrapActorId };
  if (credential.startsWith("maru_"))
    throw refused("key_malformed", "The API key is not one: check it for a slip.");
  throw refused("credentials_unknown", "The credential is neither an API key nor an access token.");
}

async function actorOfKey(
  host: AuthenticationHost,
  text: string,
  id: string,
  environment: string,
): Promise<Actor> {
  const unknown = () => refused("key_unknown", "There is no such API key.");
  if (environment !== host.ports.tokens.keyEnvironment) throw unknown();
  const [row, hash] = await Promise.all([findKeyOfAnyTenant(host.db, id), sha256Hex(text)]);
  if (row === undefined) throw unknown();
  const isPresent = equalInConstantTime(hash, row.secretHash);
  const isPrevious = equalInConstantTime(hash, row.previousHash ?? "");
  if (!isPresent && !isPrevious) throw unknown();
  const verdict = judgeKey(row, isPresent ? "present" : "previous", host.now);
  if (verdict === "revoked") throw refused("key_revoked", "The API key has been revoked.");
  if (verdict === "expired") throw refused("key_expired", "The API key has expired.");
  if (verdict === "rotated")
    throw refused("key_rotated", "The API key was rotated and its grace period is over.");
  if (isStampDue(row, host.now)) {
    host.after(host.db.atomic((q) => [stampKey(q, row.tenantId, row.id, host.now)]).catch(() => {}));
  }
  return {
    kind: "api_key",
    id: row.id,
    tenantId: row.tenantId,
    grants: row.scopes,
    ownerId: row.createdBy,
    ...(row.projectIds ? { projectIds: row.projectIds } : {}),
  };
}

async function actorOfToken(host: AuthenticationHost, token: string): Promise<Actor> {
  const claims = await host.ports.tokens.verify(token, host.now);
  const found = await findSession(host.db, claims.tenantId, claims.sessionId);
  if (found === undefined || found.user.id !== claims.userId || found.session.revokedAt !== null) {
    throw refused("session_revoked", "The session has ended. Sign in again.");
  }
  if (found.user.disabled) throw refused("user_disabled", "The user has been disabled.");
  return userActor(found.user);
}

/** A user as an actor, with what they may do now. */
export function userActor(user: UserRow): Actor {
  return {
    kind: "user",
    id: user.id,
    tenantId: user.tenantId,
    grants: effectiveGrants(user.role, user.grants),
    role: user.role,
    ...(user.projectIds ? { projectIds: user.projectIds } : {}),
  };
}
