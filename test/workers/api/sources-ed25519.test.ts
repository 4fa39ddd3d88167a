import { expect, it } from "vitest";
import { verifyStandardWebhook } from "../../../src/modules/sources/receiving/standard-webhooks.ts";

it("verifies Ed25519 signatures inside workerd", async () => {
  const pair = (await crypto.subtle.generateKey({ name: "Ed25519" }, true, [
    "sign",
    "verify",
  ])) as CryptoKeyPair;
  const raw = new Uint8Array((await crypto.subtle.exportKey("raw", pair.publicKey)) as ArrayBuffer);
  const body = Uint8Array.from(new TextEncoder().encode("{}"));
  const signed = new TextEncoder().encode("msg_1.1700000000.{}");
  const signature = new Uint8Array(await crypto.subtle.sign({ name: "Ed25519" }, pair.privateKey, signed));
  const headers = new Map([
    ["webhook-id", "msg_1"],
    ["webhook-timestamp", "1700000000"],
    ["webhook-signature", `v1a,${btoa(String.fromCharCode(...signature))}`],
  ]);
  const secret = `whpk_${btoa(String.fromCharCode(...raw))}`;
  const proof = await verifyStandardWebhook({ headers, body }, [secret], 1_700_000_000_000);
  expect(proof.proof).toBe("standard-webhooks-v1a");
});
