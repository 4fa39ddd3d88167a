import { describe, expect, it } from "vitest";
import { newId } from "../../../../../src/kernel/ids.ts";
import {
  base62Of,
  crc32,
  keyPrefix,
  readKey,
  writeKey,
} from "../../../../../src/modules/access/keys/key-text.rules.ts";

const id = newId("key", new Date("2026-03-01T00:00:00Z"), new Uint8Array(16));
const secret = "0123456789abcdefABCDEFxyzXYZ0123";

describe("the text of an API key", () => {
  it("has environment, id, secret and checksum, and is read back", () => {
    const text = writeKey("live", id, secret);
    expect(text).toMatch(new RegExp(`^maru_live_${id.slice(4)}_${secret}[0-9A-Za-z]{6}$`));
    expect(readKey(text)).toEqual({ environment: "live", id: id.slice(4), secret });
    expect(text.startsWith(keyPrefix("live", id))).toBe(true);
  });

  it("tells any single slip and any two swapped neighbours", () => {
    const text = writeKey("dev", id, secret);
    for (let i = 0; i < text.length; i++) {
      const slip = text.slice(0, i) + (text[i] === "k" ? "m" : "k") + text.slice(i + 1);
      expect(readKey(slip)).toBeUndefined();
      const swapped = text.slice(0, i) + (text[i + 1] ?? "") + text[i] + text.slice(i + 2);
      if (swapped !== text) expect(readKey(swapped)).toBeUndefined();
    }
  });

  it("is not read from anything else", () => {
    const text = writeKey("dev", id, secret);
    for (const other of [
      "",
      "maru_",
      text.toUpperCase(),
      ` ${text}`,
      `${text}\n`,
      text.replace("dev", "prod"),
    ]) {
      expect(readKey(other)).toBeUndefined();
    }
  });
});

describe("crc32", () => {
  it("gives the check value of the standard", () => {
    expect(crc32("123456789")).toBe(0xcbf43926);
    expect(crc32("")).toBe(0);
  });
});

describe("base 62 from bytes", () => {
  it("passes over the bytes that would favour some characters", () => {
    expect(base62Of(new Uint8Array([255, 0, 250, 61, 62, 247]), 4)).toBe("0z0z");
    expect(base62Of(new Uint8Array([255, 0]), 2)).toBeUndefined();
  });

  it("uses every character equally often over all bytes", () => {
    const text =
      base62Of(
        Uint8Array.from({ length: 256 }, (_, i) => i),
        248,
      ) ?? "";
    const counts = new Map<string, number>();
    for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
    expect([...counts.values()]).toEqual(Array.from({ length: 62 }, () => 4));
  });
});
