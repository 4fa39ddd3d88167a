import { describe, expect, it } from "vitest";
import { isAway } from "../../../src/kernel/is-away.ts";
import { problem, toFailure } from "../../../src/kernel/problem.ts";

const withCode = (code: string) => Object.assign(new Error("boom"), { code });

describe("an error of a platform that is away", () => {
  it("is known by its code, however deep it is wrapped", () => {
    expect(isAway(withCode("ECONNREFUSED"))).toBe(true);
    expect(
      isAway(new Error("Failed query", { cause: new Error("again", { cause: withCode("57P01") }) })),
    ).toBe(true);
    expect(isAway(withCode("23505"))).toBe(false);
  });

  it("is known by what workerd, D1 and Durable Objects say", () => {
    for (const message of [
      "proxy request failed, cannot connect to the specified address",
      "D1_ERROR: Network connection lost.",
      "D1 DB is overloaded. Requests queued for too long.",
      "D1 DB storage operation exceeded timeout which caused object to be reset.",
    ])
      expect(isAway(new Error(message)), message).toBe(true);
    expect(isAway(Object.assign(new Error("x"), { overloaded: true }))).toBe(true);
    expect(isAway(new Error("no such column: x"))).toBe(false);
    expect(isAway("ECONNREFUSED")).toBe(false);
  });

  it("ends a chain of causes that has no end", () => {
    const looped = new Error("a");
    looped.cause = looped;
    expect(isAway(looped)).toBe(false);
  });

  it("becomes a retryable 503, and never hides a problem that was said", () => {
    expect(toFailure(withCode("CONNECTION_CLOSED"))).toMatchObject({
      kind: "unavailable",
      code: "platform.unavailable",
      retryAfterMs: 2000,
    });
    const said = problem("conflict", "x.y", "no", { cause: withCode("ECONNRESET") });
    expect(toFailure(said)).toMatchObject({ kind: "conflict", code: "x.y" });
  });
});
