import { describe, expect, it } from "vitest";
import {
  failureOf,
  linkLost,
  offline,
  timedOut,
} from "../../../../src/modules/clusters/relay/call-failure.rules.ts";
import { isLogBroken, judgeProtocol } from "../../../../src/modules/clusters/relay/judge-hello.rules.ts";
import { chainOf, refuseToQueue } from "../../../../src/modules/clusters/relay/queueable.rules.ts";
import { shownCallPath } from "../../../../src/modules/clusters/relay/shown-path.rules.ts";

const safe = { method: "PATCH", operation: "harvester.vm.update", path: "/apis/x", body: "{}" };

describe("what may wait for an agent", () => {
  it("is a write that destroys nothing", () => {
    expect(refuseToQueue(safe)).toBeUndefined();
    expect(refuseToQueue({ ...safe, path: "/vm/stop", body: '{"gracePeriod":30}' })).toBeUndefined();
    expect(refuseToQueue({ ...safe, path: "/v1/harvester/vm/a?action=start" })).toBeUndefined();
    expect(
      refuseToQueue({ ...safe, method: "POST", path: "/x/virtualmachinerestores", body: '{"newVM":true}' }),
    ).toBeUndefined();
  });

  it.each([
    ["a reading", { method: "GET" }],
    ["a deletion", { method: "DELETE" }],
    ["an operation that deletes", { operation: "harvester.vm.delete" }],
    ["a forced stop by name", { operation: "harvester.vm.forceStop" }],
    ["a forced stop by its body", { path: "/vm/stop", body: '{"gracePeriod": 0}' }],
    ["power off", { path: "/v1/harvester/nodes/n1?action=powerAction" }],
    ["a reset", { path: "/virtualmachineinstances/a/reset" }],
    ["a restore over what is there", { method: "POST", path: "/x/virtualmachinerestores", body: "{}" }],
    ["a restore by action", { path: "/v1/harvester/vm/a?action=restore" }],
  ])("is never %s", (_, more) => {
    expect(refuseToQueue({ ...safe, ...more })).toBeTypeOf("string");
  });

  it("follows what waits for the same object", () => {
    expect(chainOf("/apis/x/a?dryRun=All")).toBe(chainOf("/apis/x/a"));
  });
});

describe("failures of calls", () => {
  const read = { commandId: "cmd_1", method: "GET" };
  const write = { commandId: "cmd_1", method: "POST" };

  it("tell of a write that may have run that nobody knows, and name its command", () => {
    const failure = { code: "upstream_broken", detail: "The body broke off.", ran: "yes" } as const;
    expect(failureOf(write, failure)).toMatchObject({
      code: "clusters.outcome_unknown",
      data: { commandId: "cmd_1" },
    });
    expect(failureOf(write, { ...failure, ran: "no" }).code).toBe("clusters.upstream_failed");
    expect(failureOf(read, failure).code).toBe("clusters.upstream_failed");
  });

  it("of a lost link may be repeated where nothing can have changed", () => {
    expect(linkLost(read).code).toBe("clusters.relay_lost");
    expect(linkLost(write).code).toBe("clusters.outcome_unknown");
    expect(offline(write).retryAfterMs).toBeGreaterThan(0);
    expect(timedOut(write, 5).detail).toContain("log of calls");
  });
});

describe("a hello", () => {
  const known = { version: 3, oldest: 2 };

  it("is of a known protocol version, or each side is told what to update", () => {
    expect(judgeProtocol(2, known)).toBeUndefined();
    expect(judgeProtocol(3, known)).toBeUndefined();
    expect(judgeProtocol(1, known)).toMatchObject({ refusal: { code: "incompatible" }, closeCode: 4426 });
    expect(judgeProtocol(1, known)?.refusal.detail).toContain("Update the agent");
    expect(judgeProtocol(4, known)?.refusal.detail).toContain("Update Maru");
    expect(judgeProtocol("2", known)).toMatchObject({ refusal: { code: "malformed" } });
  });

  it("shows a log that is shorter than before, or another at the same length", () => {
    expect(isLogBroken(undefined, { seq: 0, hash: "a" })).toBe(false);
    expect(isLogBroken({ seq: 4, hash: "a" }, { seq: 9, hash: "b" })).toBe(false);
    expect(isLogBroken({ seq: 4, hash: "a" }, { seq: 3, hash: "b" })).toBe(true);
    expect(isLogBroken({ seq: 4, hash: "a" }, { seq: 4, hash: "b" })).toBe(true);
  });
});

describe("a path in the log", () => {
  it("has no values that may be secrets, however they are written", () => {
    expect(shownCallPath("/a/b?limit=5&access_token=x&%74oken=y&Password=z")).toBe(
      "/a/b?limit=5&access_token=…&%74oken=…&Password=…",
    );
    expect(shownCallPath("/a?%=1")).toBe("/a?%=1");
    expect(shownCallPath(`/${"a".repeat(5000)}`)).toHaveLength(1000);
  });
});
