import { spawnSync } from "node:child_process";
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { privateKeyText, publicKeyLine } from "../../../../../src/modules/harvester/keys/key-text.rules.ts";

const pair = generateKeyPairSync("ed25519");
const seed = new Uint8Array(pair.privateKey.export({ type: "pkcs8", format: "der" })).slice(-32);
const publicKey = new Uint8Array(
  createPublicKey(pair.privateKey).export({ type: "spki", format: "der" }),
).slice(-32);

it("writes a key of which the lengths and both halves can be read back", () => {
  const text = privateKeyText({ seed, publicKey }, "me@here", 0x01020304);
  const body = Buffer.from(text.split("\n").slice(1, -2).join(""), "base64");
  expect(body.subarray(0, 15).toString()).toBe("openssh-key-v1\0");
  expect(body.includes(Buffer.from(seed))).toBe(true);
  expect(body.includes(Buffer.from("me@here"))).toBe(true);
  expect(publicKeyLine(publicKey, "me@here")).toMatch(/^ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI\S+ me@here$/);
});

const hasOpenSsh = spawnSync("ssh-keygen", ["-?"]).error === undefined;

it.runIf(hasOpenSsh)("is read by ssh-keygen as the same key", () => {
  const file = join(mkdtempSync(join(tmpdir(), "maru-key-")), "key");
  writeFileSync(file, privateKeyText({ seed, publicKey }, "me@here", 7), { mode: 0o600 });
  const { stdout, stderr } = spawnSync("ssh-keygen", ["-y", "-f", file], { encoding: "utf8" });
  expect(stderr).toBe("");
  expect(stdout.trim().split(" ").slice(0, 2)).toEqual(publicKeyLine(publicKey, "").trim().split(" "));
});
