import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { alertFingerprint } from "../../../../src/modules/alerts/fingerprint.ts";

describe("alertFingerprint", () => {
  it("is the SHA-256 of the lineage and the labels in the order of their names", () => {
    const text = '["rule-1",{"a":"1","b":"값"}]';
    expect(alertFingerprint("rule-1", { b: "값", a: "1" })).toBe(
      createHash("sha256").update(text).digest("hex"),
    );
  });

  it("tells rules apart, and labels from their absence but not from an empty value", () => {
    const plain = alertFingerprint("r", { a: "1" });
    expect(alertFingerprint("r", { a: "1", b: "" })).toBe(plain);
    expect(alertFingerprint("s", { a: "1" })).not.toBe(plain);
    expect(alertFingerprint("r", { a: "1", b: "2" })).not.toBe(plain);
    expect(alertFingerprint("r", { a: '1","b":"2' })).not.toBe(alertFingerprint("r", { a: "1", b: "2" }));
  });
});
