import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { describe, expect, it } from "vitest";
import { AppError } from "../../../../../src/kernel/problem.ts";
import { readGithub, verifyGithub } from "../../../../../src/modules/sources/receiving/github.ts";
import { verifyStandardWebhook } from "../../../../../src/modules/sources/receiving/standard-webhooks.ts";

const body = Uint8Array.from(new TextEncoder().encode('{"test": 2432232314}'));
const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const at = 1614265330;
const v1 = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
const id = "msg_p5jXN8AQM9LWM0D4loKWxJek";

const headers = (more: Record<string, string> = {}) =>
  new Map(
    Object.entries({ "webhook-id": id, "webhook-timestamp": String(at), "webhook-signature": v1, ...more }),
  );
const code = (work: Promise<unknown>) =>
  work.then(
    () => "passed",
    (error: unknown) => (error instanceof AppError ? `${error.kind} ${error.failure.code}` : String(error)),
  );
const verify = (given: ReadonlyMap<string, string>, secrets = [secret], now = at * 1000) =>
  verifyStandardWebhook({ headers: given, body }, secrets, now);

describe("Standard Webhooks", () => {
  it("verifies the published example, by any of several secrets and signatures", async () => {
    expect(await verify(headers())).toEqual({ id, timestamp: at * 1000, proof: "standard-webhooks-v1" });
    const other = `whsec_${btoa("another secret of some length")}`;
    const several = headers({ "webhook-signature": `v1,AAAA v2,xx ${v1}` });
    expect(await verify(several, [other, secret])).toMatchObject({ proof: "standard-webhooks-v1" });
  });
  it("verifies Ed25519 by a public key", async () => {
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    const raw = publicKey.export({ format: "der", type: "spki" }).subarray(-32);
    const signed = sign(null, Buffer.concat([Buffer.from(`${id}.${at}.`), body]), privateKey).toString(
      "base64",
    );
    const given = headers({ "webhook-signature": `v1a,${signed}` });
    expect(await verify(given, [secret, `whpk_${raw.toString("base64")}`])).toMatchObject({
      proof: "standard-webhooks-v1a",
    });
    expect(await code(verify(given))).toBe("unauthenticated sources.signature_invalid");
  });
  it.each([
    [299_000, "passed"],
    [300_000, "passed"],
    [301_000, "unauthenticated sources.signature_stale"],
    [-301_000, "unauthenticated sources.signature_stale"],
  ])("%d ms off: %s", async (offset, expected) => {
    expect(await code(verify(headers(), [secret], at * 1000 + offset))).toBe(expected);
  });
  it("refuses missing headers, broken times, foreign secrets and a changed body", async () => {
    const gone = headers();
    gone.delete("webhook-id");
    expect(await code(verify(gone))).toBe("unauthenticated sources.signature_missing");
    expect(await code(verify(headers({ "webhook-timestamp": "soon" })))).toBe(
      "unauthenticated sources.signature_missing",
    );
    expect(await code(verify(headers(), [`whsec_${btoa("x".repeat(24))}`]))).toBe(
      "unauthenticated sources.signature_invalid",
    );
    const changed = verifyStandardWebhook({ headers: headers(), body: body.slice(1) }, [secret], at * 1000);
    expect(await code(changed)).toBe("unauthenticated sources.signature_invalid");
  });
});

describe("GitHub", () => {
  const payload = Uint8Array.from(
    new TextEncoder().encode(
      '{"action":"opened","repository":{"full_name":"o/r","html_url":"https://github.com/o/r"}}',
    ),
  );
  const signature = `sha256=${createHmac("sha256", "s3").update(payload).digest("hex")}`;
  const given = new Map([
    ["x-hub-signature-256", signature],
    ["x-github-event", "issues"],
    ["x-github-delivery", "d-1"],
    ["content-type", "application/json"],
  ]);
  it("verifies the signature by any of the secrets", async () => {
    await verifyGithub({ headers: given, body: payload }, ["old", "s3"]);
    expect(await code(verifyGithub({ headers: given, body: payload }, ["old"]))).toBe(
      "unauthenticated sources.signature_invalid",
    );
    expect(await code(verifyGithub({ headers: new Map(), body: payload }, ["s3"]))).toBe(
      "unauthenticated sources.signature_missing",
    );
  });
  it("reads a delivery as one event named by its delivery id", async () => {
    expect(await readGithub({ headers: given, body: payload })).toMatchObject([
      {
        draft: {
          id: "d-1",
          type: "com.github.issues.opened",
          source: "https://github.com/o/r",
          subject: "o/r",
        },
      },
    ]);
  });
  it("reads a form with a payload", async () => {
    const form = Uint8Array.from(new TextEncoder().encode(`payload=${encodeURIComponent('{"zen":"a"}')}`));
    const headers = new Map([
      ["x-github-event", "ping"],
      ["content-type", "application/x-www-form-urlencoded"],
    ]);
    expect(await readGithub({ headers, body: form })).toMatchObject([
      { draft: { type: "com.github.ping", data: { zen: "a" } } },
    ]);
  });
});
