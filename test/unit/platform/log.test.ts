import { describe, expect, it } from "vitest";
import { redact } from "../../../src/platform/log.ts";

describe("an error in the log", () => {
  it("says which statement failed and not with which values", () => {
    const values = "params: $argon2id$v=19$hash,kim@bank.example\n    at the gate";
    const failed = new Error(`Failed query: insert into "access_users" values ($1, $2)\n${values}`, {
      cause: new Error("connect ECONNREFUSED"),
    });
    const told = redact(failed) as { message: string; stack: string; cause: { message: string } };
    expect(told.message).toBe('Failed query: insert into "access_users" values ($1, $2)');
    expect(told.stack).toContain("log.test.ts");
    expect(JSON.stringify(told)).not.toMatch(/argon2id|kim@bank|gate/);
    expect(told.cause.message).toBe("connect ECONNREFUSED");
  });
});
