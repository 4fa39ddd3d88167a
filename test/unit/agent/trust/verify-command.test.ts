import { describe, expect, it } from "vitest";
import { newAgentKey, readAgentKey, verifyEd25519 } from "../../../../agent/src/trust/ed25519.ts";
import { adoptKeys, mayVouchAt, narrowKeys, skewMs } from "../../../../agent/src/trust/trusted-keys.rules.ts";
import { type Knowledge, verifyCommand } from "../../../../agent/src/trust/verify-command.rules.ts";
import type { Command } from "../../../../contracts/relay/command.ts";

const now = Date.parse("2026-03-01T12:00:00Z");
const minute = 60_000;
const controlPlane = newAgentKey();
const key = { id: "key_1", publicKey: controlPlane.publicKey, validFrom: 0, validUntil: null };

const command: Command = {
  v: 1,
  id: `cmd_${"0".repeat(26)}`,
  keyId: "key_1",
  tenantId: "acme",
  clusterId: "cl_1",
  actor: "user:ann",
  operation: "harvester.vm.start",
  driver: "kubernetes",
  verb: "PUT",
  path: "/apis/x",
  headers: {},
  issuedAt: now,
  expiresAt: now + minute,
  deadlineMs: 30_000,
  nonce: "0".repeat(32),
};

function check(change: Partial<Command> = {}, know: Partial<Knowledge> = {}, by = controlPlane) {
  const head = { ...command, ...change };
  const text = JSON.stringify(head);
  const bytes = new TextEncoder().encode(text);
  return verifyCommand(bytes, head, Buffer.from(by.sign(text), "base64url"), {
    tenantId: "acme",
    clusterId: "cl_1",
    keys: [key],
    now,
    offsetMs: 0,
    verify: verifyEd25519,
    hasSeen: () => false,
    ...know,
  });
}

describe("commands", () => {
  it("are taken from the control plane, for this cluster, in time", () => {
    expect(check()).toMatchObject({ ok: true, command: { id: command.id } });
  });

  it("are refused when forged", () => {
    expect(check({}, {}, newAgentKey())).toMatchObject({ ok: false, code: "signature_invalid" });
    const bytes = new TextEncoder().encode(JSON.stringify({ ...command, path: "/apis/y" }));
    const signature = Buffer.from(controlPlane.sign(JSON.stringify(command)), "base64url");
    const know = {
      tenantId: "acme",
      clusterId: "cl_1",
      keys: [key],
      now,
      offsetMs: 0,
      verify: verifyEd25519,
      hasSeen: () => false,
    };
    expect(verifyCommand(bytes, command, signature, know)).toMatchObject({ code: "signature_invalid" });
    expect(verifyCommand(bytes, command, new Uint8Array(64), know)).toMatchObject({
      code: "signature_invalid",
    });
  });

  it("are refused when signed by a key that is not trusted, not yet or not any more", () => {
    expect(check({ keyId: "key_2" })).toMatchObject({ code: "signature_invalid" });
    expect(check({}, { keys: [{ ...key, validUntil: now - 1 }] })).toMatchObject({
      code: "signature_invalid",
    });
    expect(check({}, { keys: [{ ...key, validFrom: now + 1 }] })).toMatchObject({
      code: "signature_invalid",
    });
  });

  it("are refused for another tenant or cluster", () => {
    expect(check({ tenantId: "other" })).toMatchObject({ code: "not_for_this_cluster" });
    expect(check({ clusterId: "cl_2" })).toMatchObject({ code: "not_for_this_cluster" });
  });

  it("are refused when they come again", () => {
    expect(check({}, { hasSeen: (nonce) => nonce === command.nonce })).toMatchObject({ code: "replayed" });
  });

  it("are refused when expired, from the future, or living too long", () => {
    expect(check({}, { now: now + 2 * minute })).toMatchObject({ code: "expired" });
    expect(check({}, { now: now - 2 * minute })).toMatchObject({ code: "expired" });
    expect(check({ expiresAt: now + 60 * minute })).toMatchObject({ code: "expired" });
  });

  it("are taken by a clock that is up to five minutes off, and no further", () => {
    for (const off of [4 * minute, -4 * minute]) {
      expect(check({}, { now: now - off, offsetMs: off })).toMatchObject({ ok: true });
    }
    for (const off of [10 * minute, -10 * minute]) {
      const refused = check({}, { now: now - off, offsetMs: off });
      expect(refused).toMatchObject({ code: "expired", detail: expect.stringContaining("clock") });
    }
  });

  it("are refused when they can't be read", () => {
    expect(check({ verb: "EXEC" as Command["verb"] })).toMatchObject({ code: "protocol" });
  });
});

describe("keys", () => {
  it("survive their file, and nothing malformed is a signature", () => {
    const again = readAgentKey(controlPlane.pem);
    expect(again.publicKey).toBe(controlPlane.publicKey);
    expect(verifyEd25519("short", new Uint8Array(), new Uint8Array(64))).toBe(false);
    expect(verifyEd25519(key.publicKey, new Uint8Array(), new Uint8Array(3))).toBe(false);
  });

  it("are never added by a greeting, only taken away or shortened", () => {
    const second = { ...key, id: "key_2" };
    const strange = { ...key, id: "key_3", publicKey: newAgentKey().publicKey };
    expect(narrowKeys([key, second], [key, strange])).toEqual([key]);
    expect(narrowKeys([key], [{ ...key, validUntil: 5 }])).toEqual([{ ...key, validUntil: 5 }]);
    expect(narrowKeys([{ ...key, validUntil: 5 }], [key])).toEqual([{ ...key, validUntil: 5 }]);
    // An impostor for `key_1` is another key; and a greeting of strangers alone changes nothing.
    expect(narrowKeys([key], [{ ...strange, id: "key_1" }])).toEqual([key]);
  });

  it("vouch for others only while they stand", () => {
    expect(mayVouchAt(key, 1e15)).toBe(true);
    expect(mayVouchAt({ ...key, validUntil: 1000 }, 1000 + skewMs)).toBe(true);
    expect(mayVouchAt({ ...key, validUntil: 1000 }, 1001 + skewMs)).toBe(false);
  });

  it("can't be exchanged under an old name by a signed change", () => {
    const other = { ...key, publicKey: newAgentKey().publicKey };
    const fresh = { ...other, id: "key_2" };
    expect(adoptKeys([key], [other, fresh])).toEqual([fresh]);
  });
});
