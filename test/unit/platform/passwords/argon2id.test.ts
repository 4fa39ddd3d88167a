import { argon2Sync } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { argon2Passwords } from "../../../../src/platform/passwords/argon2-passwords.ts";
import { argon2idOf } from "../../../../src/platform/passwords/argon2id.ts";

const module = new WebAssembly.Module(readFileSync("node_modules/argon2-wasm-edge/wasm/argon2.wasm"));
const text = (value: string) => new TextEncoder().encode(value);

describe("argon2id", () => {
  it.each([
    ["", "saltsalt", 8, 1, 4],
    ["password", "0123456789abcdef", 64, 3, 32],
    ["비밀번호는 길수록 좋다", "0123456789abcdef", 256, 2, 64],
    ["a".repeat(500), "s".repeat(40), 1031, 1, 65],
    ["maru", "0123456789abcdef", 19_456, 2, 128],
  ])("agrees with OpenSSL for %j", (password, salt, memoryKib, passes, length) => {
    const argon2id = argon2idOf(module);
    const expected = argon2Sync("argon2id", {
      message: text(password),
      nonce: text(salt),
      parallelism: 1,
      tagLength: length,
      memory: memoryKib,
      passes,
    });
    expect([...argon2id(text(password), text(salt), { memoryKib, passes }, length)]).toEqual([...expected]);
    expect([...argon2id(text(password), text(salt), { memoryKib, passes }, length)]).toEqual([...expected]);
  });
});

describe("passwords", () => {
  const passwords = argon2Passwords(module);

  it("accepts the password that was hashed and refuses any other", async () => {
    const encoded = await passwords.hash("correct horse battery");
    expect(encoded).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(await passwords.verify("correct horse battery", encoded)).toBe(true);
    expect(await passwords.verify("correct horse batterz", encoded)).toBe(false);
  });

  it("salts, so that equal passwords have different hashes", async () => {
    expect(await passwords.hash("one password")).not.toBe(await passwords.hash("one password"));
  });

  it("compares after NFKC, so that the same Hangul typed on another system is the same password", async () => {
    const encoded = await passwords.hash("비밀번호 열두 글자입니다".normalize("NFD"));
    expect(await passwords.verify("비밀번호 열두 글자입니다".normalize("NFC"), encoded)).toBe(true);
  });

  it("answers false for no account and for a hash that isn't one", async () => {
    expect(await passwords.verify("anything at all", null)).toBe(false);
    expect(await passwords.verify("anything at all", "plain text")).toBe(false);
  });
});
