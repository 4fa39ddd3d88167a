import { type CryptoKey, errors, importJWK, jwtVerify, SignJWT } from "jose";
import * as z from "zod";
import { equalInConstantTime, sha256Hex, toHex } from "../../kernel/hash.ts";
import type { AccessClaims, PublicKey, TokenPort } from "../../kernel/ports/tokens.ts";
import { problem } from "../../kernel/problem.ts";

export interface TokenOptions {
  /** A JWK set of private Ed25519 keys, each with a `kid`; the first signs, all of them verify. */
  readonly signingKeys: string;
  readonly issuer: string;
  readonly keyEnvironment: TokenPort["keyEnvironment"];
  readonly bootstrapToken?: string | undefined;
}

const part = z.string().regex(/^[\w-]{43}$/);
const PrivateKey = z.object({
  kty: z.literal("OKP"),
  crv: z.literal("Ed25519"),
  x: part,
  d: part,
  kid: z.string().min(1),
});
const KeySet = z.object({ keys: z.array(PrivateKey).min(1) });
const Claims = z.object({
  sub: z.string(),
  tid: z.string(),
  sid: z.string(),
  role: z.string(),
  grants: z.array(z.string()),
  projects: z.array(z.string()).optional(),
});

const audience = "maru";
const algorithm = "EdDSA";
const type = "at+jwt";

interface Keys {
  readonly all: readonly PublicKey[];
  readonly signing: CryptoKey;
  readonly verifying: ReadonlyMap<string, CryptoKey>;
  readonly fingerprinting: CryptoKey;
}

const opened = new Map<string, Promise<Keys>>();

function keysOf(signingKeys: string): Promise<Keys> {
  const known = opened.get(signingKeys);
  if (known) return known;
  const made = openKeys(signingKeys);
  opened.set(signingKeys, made);
  made.catch(() => opened.delete(signingKeys));
  return made;
}

async function openKeys(signingKeys: string): Promise<Keys> {
  const { keys } = readKeySet(signingKeys);
  const [first] = keys;
  if (first === undefined) throw invalidKeys();
  const all = keys.map(
    ({ kty, crv, x, kid }): PublicKey => ({ kty, crv, x, kid, alg: algorithm, use: "sig" }),
  );
  const verifying = await Promise.all(all.map(async (key) => [key.kid, await keyOf({ ...key })] as const));
  const material = new TextEncoder().encode(`maru fingerprint ${first.d}`);
  const mac = { name: "HMAC", hash: "SHA-256" };
  return {
    all,
    signing: await keyOf(first),
    verifying: new Map(verifying),
    fingerprinting: await crypto.subtle.importKey("raw", material, mac, false, ["sign"]),
  };
}

async function keyOf(jwk: Parameters<typeof importJWK>[0]): Promise<CryptoKey> {
  const key = await importJWK(jwk, algorithm);
  if (key instanceof Uint8Array) throw invalidKeys();
  return key;
}

function readKeySet(text: string): z.infer<typeof KeySet> {
  try {
    return KeySet.parse(JSON.parse(text));
  } catch {
    throw invalidKeys();
  }
}

function invalidKeys() {
  return problem(
    "unavailable",
    "config.invalid",
    "The deployment's configuration is not valid: MARU_SIGNING_KEYS.",
  );
}

/** Access tokens signed with Ed25519 by jose; keys are opened once an isolate. */
export function joseTokens(options: TokenOptions): TokenPort {
  const { signingKeys, issuer, keyEnvironment, bootstrapToken } = options;
  return {
    keyEnvironment,
    async sign(claims, tokenId, now, lifetimeSeconds) {
      const { all, signing } = await keysOf(signingKeys);
      const issuedAt = Math.floor(now.getTime() / 1000);
      return new SignJWT({
        tid: claims.tenantId,
        sid: claims.sessionId,
        role: claims.role,
        grants: [...claims.grants],
        ...(claims.projectIds ? { projects: [...claims.projectIds] } : {}),
      })
        .setProtectedHeader({ alg: algorithm, typ: type, kid: all[0]?.kid ?? "" })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(claims.userId)
        .setJti(tokenId)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + lifetimeSeconds)
        .sign(signing);
    },
    async verify(token, now) {
      const { verifying } = await keysOf(signingKeys);
      return readToken(token, verifying, issuer, now);
    },
    async publicKeys() {
      return (await keysOf(signingKeys)).all;
    },
    async isBootstrapToken(text) {
      if (bootstrapToken === undefined) return false;
      return equalInConstantTime(await sha256Hex(text), await sha256Hex(bootstrapToken));
    },
    async fingerprint(text) {
      const { fingerprinting } = await keysOf(signingKeys);
      return toHex(await crypto.subtle.sign("HMAC", fingerprinting, new TextEncoder().encode(text)));
    },
  };
}

async function readToken(
  token: string,
  keys: ReadonlyMap<string, CryptoKey>,
  issuer: string,
  now: Date,
): Promise<AccessClaims> {
  const invalid = (cause?: unknown) =>
    problem("unauthenticated", "access.token_invalid", "The access token is not valid.", { cause });
  try {
    const { payload } = await jwtVerify(
      token,
      ({ kid = "" }) => {
        const key = keys.get(kid);
        if (key === undefined) throw new errors.JWSInvalid("unknown kid");
        return key;
      },
      {
        issuer,
        audience,
        algorithms: [algorithm],
        typ: type,
        currentDate: now,
        requiredClaims: ["exp", "iat", "jti"],
      },
    );
    const claims = Claims.parse(payload);
    return {
      userId: claims.sub,
      tenantId: claims.tid,
      sessionId: claims.sid,
      role: claims.role,
      grants: claims.grants,
      ...(claims.projects ? { projectIds: claims.projects } : {}),
    };
  } catch (error) {
    if (error instanceof errors.JWTExpired) {
      throw problem("unauthenticated", "access.token_expired", "The access token has expired. Refresh it.");
    }
    throw invalid(error);
  }
}
