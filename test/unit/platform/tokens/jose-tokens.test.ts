import { generateKeyPairSync } from "node:crypto";
import { SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { joseTokens } from "../../../../src/platform/tokens/jose-tokens.ts";

const now = new Date("2026-03-01T00:00:00Z");
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);
const keyOf = (kid: string) => ({
  ...generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" }),
  kid,
});
const first = keyOf("a");
const second = keyOf("b");
const tokensOf = (keys: object[], issuer = "https://maru.example") =>
  joseTokens({ signingKeys: JSON.stringify({ keys }), issuer, keyEnvironment: "test" });
const claims = {
  userId: "usr_1",
  tenantId: "ten_1",
  sessionId: "ses_1",
  role: "viewer",
  grants: ["runs:read"],
  projectIds: ["prj_1"],
};
const part = (token: string, index: number) =>
  JSON.parse(Buffer.from(token.split(".")[index] ?? "", "base64url").toString());

describe("access tokens", () => {
  it("reads back what was signed, with issuer, audience, key id and lifetime in it", async () => {
    const token = await tokensOf([first]).sign(claims, "tok_1", now, 600);
    expect(part(token, 0)).toEqual({ alg: "EdDSA", typ: "at+jwt", kid: "a" });
    expect(part(token, 1)).toMatchObject({
      iss: "https://maru.example",
      aud: "maru",
      sub: "usr_1",
      tid: "ten_1",
      jti: "tok_1",
      iat: now.getTime() / 1000,
      exp: now.getTime() / 1000 + 600,
    });
    expect(await tokensOf([first]).verify(token, later(599))).toEqual(claims);
  });

  it("tells an expired token from a wrong one", async () => {
    const token = await tokensOf([first]).sign(claims, "tok_1", now, 600);
    await expect(tokensOf([first]).verify(token, later(600))).rejects.toMatchObject({
      failure: { code: "access.token_expired" },
    });
    const [head, , tail] = token.split(".");
    const forged = Buffer.from(JSON.stringify({ ...part(token, 1), tid: "ten_2" })).toString("base64url");
    for (const wrong of [`${head}.${forged}.${tail}`, "a.b.c", `${token}x`]) {
      await expect(tokensOf([first]).verify(wrong, now)).rejects.toMatchObject({
        failure: { kind: "unauthenticated", code: "access.token_invalid" },
      });
    }
  });

  it("refuses another issuer, an unknown key and a key that only shares the id", async () => {
    const token = await tokensOf([first]).sign(claims, "tok_1", now, 600);
    const invalid = { failure: { code: "access.token_invalid" } };
    await expect(tokensOf([first], "https://other.example").verify(token, now)).rejects.toMatchObject(
      invalid,
    );
    await expect(tokensOf([second]).verify(token, now)).rejects.toMatchObject(invalid);
    await expect(tokensOf([{ ...second, kid: "a" }]).verify(token, now)).rejects.toMatchObject(invalid);
  });

  it("refuses tokens signed by a public value as a shared secret, or not signed", async () => {
    const body = { tid: "ten_1", sid: "ses_1", role: "admin", grants: ["*"] };
    const head = (alg: string) => ({ alg, typ: "at+jwt", kid: "a" });
    const symmetric = await new SignJWT(body)
      .setProtectedHeader(head("HS256"))
      .setIssuer("https://maru.example")
      .setAudience("maru")
      .setSubject("usr_1")
      .setJti("t")
      .setIssuedAt(now)
      .setExpirationTime(later(600))
      .sign(new TextEncoder().encode(String(first.x)));
    const none = `${Buffer.from(JSON.stringify(head("none"))).toString("base64url")}.${symmetric.split(".")[1]}.`;
    for (const token of [symmetric, none]) {
      await expect(tokensOf([first]).verify(token, now)).rejects.toMatchObject({
        failure: { code: "access.token_invalid" },
      });
    }
  });

  it("verifies with every key of the set while the first one signs, so that keys can be rotated", async () => {
    const old = await tokensOf([first]).sign(claims, "tok_1", now, 600);
    const rotated = tokensOf([second, first]);
    expect(await rotated.verify(old, now)).toEqual(claims);
    expect(part(await rotated.sign(claims, "tok_2", now, 600), 0).kid).toBe("b");
  });

  it("publishes the public halves only", async () => {
    const keys = await tokensOf([first, second]).publicKeys();
    expect(keys.map(({ kid }) => kid)).toEqual(["a", "b"]);
    expect(Object.keys(keys[0] ?? {}).sort()).toEqual(["alg", "crv", "kid", "kty", "use", "x"]);
  });

  it("says which variable is wrong when the keys can't be read, and never shows them", async () => {
    const broken = joseTokens({
      signingKeys: '{"keys":[{"d":"hush"}]}',
      issuer: "i",
      keyEnvironment: "test",
    });
    const refused = broken.sign(claims, "t", now, 1).catch((error: Error) => error);
    expect(String(await refused)).toContain("MARU_SIGNING_KEYS");
    expect(String(await refused)).not.toContain("hush");
  });
});

describe("the bootstrap token", () => {
  it("is accepted only when it is set and equal", async () => {
    const token = "0123456789abcdef01234567";
    const options = { signingKeys: "", issuer: "i", keyEnvironment: "test" as const };
    expect(await joseTokens({ ...options, bootstrapToken: token }).isBootstrapToken(token)).toBe(true);
    expect(await joseTokens({ ...options, bootstrapToken: token }).isBootstrapToken(`${token}0`)).toBe(false);
    expect(await joseTokens(options).isBootstrapToken("")).toBe(false);
  });
});

describe("fingerprints", () => {
  it("are equal for equal texts under one key, and differ under another", async () => {
    const one = await tokensOf([first]).fingerprint("가나다");
    expect(one).toMatch(/^[0-9a-f]{64}$/);
    expect(await tokensOf([first, second]).fingerprint("가나다")).toBe(one);
    expect(await tokensOf([first]).fingerprint("가나라")).not.toBe(one);
    expect(await tokensOf([second]).fingerprint("가나다")).not.toBe(one);
  });
});
