import { describe, expect, it } from "vitest";
import type { Submission } from "../../../../../src/modules/jobs/engine/commands.ts";
import { aSubmission, Engine, noon, openStores } from "../../../../support/job-engine.ts";

const day = 86_400_000;
const idempotency = { route: "POST /v1/runs:submit", key: "key-1", bodyHash: "hash-1" };

describe.each(openStores)("idempotency with the store %s", (_, open) => {
  it("makes one job of fifty identical submits", () => {
    const engine = new Engine(open());
    const items = Array.from({ length: 50 }, () => aSubmission({ idempotency }));
    const { results } = engine.run({ type: "submit", items });
    const ids = new Set(results.map((result) => (result.ok ? result.jobId : "refused")));
    expect(ids.size).toBe(1);
    expect(results.filter((result) => result.ok && !result.existing)).toHaveLength(1);
    expect(engine.claim(9)).toHaveLength(1);
  });

  it("refuses the same key with another body", () => {
    const engine = new Engine(open());
    engine.submit({ idempotency });
    const items = [aSubmission({ idempotency: { ...idempotency, bodyHash: "hash-2" } })];
    expect(engine.run({ type: "submit", items }).results[0]).toMatchObject({
      ok: false,
      failure: {
        kind: "invalid_input",
        code: "idempotency.other_body",
        errors: [{ pointer: "/header/Idempotency-Key" }],
      },
    });
  });

  it("keeps keys of other tenants, projects and routes apart", () => {
    const engine = new Engine(open());
    const ids = [
      engine.submit({ idempotency }).jobId,
      engine.submit({ idempotency, tenantId: "t2" }).jobId,
      engine.submit({ idempotency, projectId: "p2" }).jobId,
      engine.submit({ idempotency: { ...idempotency, route: "other" } }).jobId,
    ];
    expect(new Set(ids).size).toBe(4);
  });

  it("holds a key for a day after an early end, and frees it then", () => {
    const engine = new Engine(open());
    const first = engine.submit({ idempotency });
    engine.complete(engine.claimOne());
    engine.pass(day - 1);
    expect(engine.submit({ idempotency })).toMatchObject({ jobId: first.jobId, existing: true });
    engine.pass(1);
    expect(engine.submit({ idempotency })).toMatchObject({ existing: false });
  });

  it("holds a key for as long as its job lives", () => {
    const engine = new Engine(open());
    const first = engine.submit({ idempotency, runAt: noon + 40 * day });
    engine.pass(30 * day);
    expect(engine.submit({ idempotency })).toMatchObject({ jobId: first.jobId, existing: true });
  });

  it("answers a key again with the job that it was answered with through a dedup key", () => {
    const engine = new Engine(open());
    const dedup = { key: "d", mode: "return_existing" } as const;
    const first = engine.submit({ dedup });
    expect(engine.submit({ dedup, idempotency }).jobId).toBe(first.jobId);
    engine.complete(engine.claimOne());
    expect(engine.submit({ dedup, idempotency })).toMatchObject({ jobId: first.jobId, existing: true });
  });

  it("finds the job of an id that the caller chose", () => {
    const engine = new Engine(open());
    expect(engine.submit({ id: "job_mine" })).toMatchObject({ jobId: "job_mine", existing: false });
    expect(engine.submit({ id: "job_mine" })).toMatchObject({ jobId: "job_mine", existing: true });
    expect(engine.refused({ id: "job_mine", tenantId: "t2" })).toBe("jobs.id_taken");
  });
});

describe.each(openStores)("deduplication with the store %s", (_, open) => {
  const dedup = (mode: NonNullable<Submission["dedup"]>["mode"]) => ({ dedup: { key: "d", mode } });

  it("doesn't deduplicate without a mode", () => {
    const engine = new Engine(open());
    expect(engine.submit(dedup("none")).jobId).not.toBe(engine.submit(dedup("none")).jobId);
  });

  it("refuses a second job while the first is alive", () => {
    const engine = new Engine(open());
    engine.submit(dedup("reject"));
    expect(engine.refused(dedup("reject"))).toBe("jobs.duplicate");
    engine.complete(engine.claimOne());
    expect(engine.refused(dedup("reject"))).toBe("accepted as READY");
  });

  it("never lets a job that retries block another key", () => {
    const engine = new Engine(open());
    engine.submit(dedup("reject"));
    engine.fail(engine.claimOne());
    expect(engine.refused({ dedup: { key: "other", mode: "reject" } })).toBe("accepted as READY");
  });

  it("returns the job that is there", () => {
    const engine = new Engine(open());
    const first = engine.submit(dedup("return_existing"));
    expect(engine.submit(dedup("return_existing"))).toMatchObject({ jobId: first.jobId, existing: true });
  });

  it("replaces a job that hasn't started, and none that has", () => {
    const engine = new Engine(open());
    const first = engine.submit(dedup("replace_pending"));
    const second = engine.submit(dedup("replace_pending"));
    expect(engine.view(first.jobId)).toMatchObject({ status: "CANCELLED", reasonCode: "replaced" });
    const step = engine.claimOne();
    expect(step.jobId).toBe(second.jobId);
    expect(engine.submit(dedup("replace_pending"))).toMatchObject({ jobId: second.jobId, existing: true });
  });

  it("waits for quiet, takes the last content, and no longer than it may", () => {
    const engine = new Engine(open());
    const debounce = { key: "d", mode: "debounce", debounceMs: 10_000, debounceMaxMs: 25_000 } as const;
    const first = engine.submit({ dedup: debounce, payload: { n: 0 } });
    for (let n = 1; n <= 4; n++) {
      engine.pass(6_000);
      expect(engine.submit({ dedup: debounce, payload: { n } }).jobId).toBe(first.jobId);
    }
    expect(engine.claim()).toEqual([]);
    engine.pass(1_000);
    expect(engine.claimOne().payload).toEqual({ value: { n: 4 } });
  });

  it("keeps only the last that was asked for while one is active", () => {
    const engine = new Engine(open());
    const keep = dedup("keep_last_if_active");
    engine.submit(keep);
    const active = engine.claimOne();
    const second = engine.submit(keep);
    const third = engine.submit(keep);
    expect(engine.view(second.jobId)).toMatchObject({ status: "CANCELLED", reasonCode: "replaced" });
    expect(engine.view(third.jobId)).toMatchObject({ reasonCode: "blocked_dependency" });
    expect(engine.claim(9)).toEqual([]);
    engine.complete(active);
    expect(engine.claimOne().jobId).toBe(third.jobId);
  });

  it("refuses to replace a job that the new one needs", () => {
    const engine = new Engine(open());
    const first = engine.submit(dedup("replace_pending"));
    expect(engine.refused({ ...dedup("replace_pending"), dependsOn: [first.jobId] })).toBe(
      "jobs.replaces_own_kin",
    );
    expect(engine.view(first.jobId).status).toBe("QUEUED");
  });
});

describe.each(openStores)("what is accepted with the store %s", (_, open) => {
  it.each([
    [{ priority: 10 }, "/priority"],
    [{ units: 0 }, "/units"],
    [{ tenantId: "a|b" }, "/tenantId"],
    [{ lane: "" }, "/lane"],
    [{ runAt: noon + 367 * day }, "/runAt"],
    [{ expiresAt: noon - 1 }, "/expiresAt"],
    [{ maxAttempts: 1.5 }, "/maxAttempts"],
    [{ needs: { provider: "a/b", requests: 1, tokens: 0 } }, "/needs/provider"],
    [{ needs: { provider: "a", requests: -1, tokens: 0 } }, "/needs/requests"],
    [{ payload: "x".repeat(140_000) }, "/payload"],
    [{ payload: 1, payloadRef: "ref" }, "/payloadRef"],
    [{ dedup: { key: "d", mode: "debounce" } }, "/dedup/debounceMs"],
    [{ serialKey: "" }, "/serialKey"],
  ] satisfies [Partial<Submission>, string][])("refuses %o, pointing at %s", (item, pointer) => {
    const engine = new Engine(open());
    const [result] = engine.run({ type: "submit", items: [aSubmission(item)] }).results;
    expect(result).toMatchObject({ ok: false, failure: { kind: "invalid_input", errors: [{ pointer }] } });
    expect(engine.store.readHot().jobSeq).toBe(0);
  });

  it("takes the good items of a list and refuses the bad ones", () => {
    const engine = new Engine(open());
    const items = [aSubmission(), aSubmission({ priority: -1 }), aSubmission()];
    const { results } = engine.run({ type: "submit", items });
    expect(results.map((result) => result.ok)).toEqual([true, false, true]);
    expect(engine.claim(9)).toHaveLength(2);
  });

  it("hands payloads of every size and kind to the worker", () => {
    const engine = new Engine(open());
    const text = "긴 글 ".repeat(20_000);
    engine.submit({ payload: { text } });
    engine.submit({ payload: null });
    engine.submit({ payloadRef: "t1/payloads/1" });
    const payloads = engine.claim(3).map((step) => step.payload);
    expect(payloads).toEqual([{ value: { text } }, { value: null }, { ref: "t1/payloads/1" }]);
  });
});
