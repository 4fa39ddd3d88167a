import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { Actor } from "../../../src/kernel/context.ts";
import { newId } from "../../../src/kernel/ids.ts";
import type { Env } from "../../../src/platform/env.ts";
import { limitsOf } from "../../../src/platform/objects.ts";
import { takeQuota } from "../../../src/platform/quota.ts";

const bindings = env as unknown as Env;
const now = new Date((Math.floor(Date.now() / 60_000) + 2) * 60_000 + 10_000);
const caller = (): Actor => ({
  kind: "api_key",
  id: newId("key", now),
  tenantId: newId("ten", now),
  grants: [],
});
const limited = (limit: number) =>
  ({ ...bindings, MARU_RATE_LIMIT: String(limit), MARU_RATE_WINDOW_S: "60" }) as unknown as Env;

describe("the limits of a caller", () => {
  it("lets exactly the limit through in a window and tells when it ends", async () => {
    const [env, actor] = [limited(50), caller()];
    const answers = [];
    for (let i = 0; i < 60; i++) answers.push(await takeQuota(env, actor, { now }));
    expect(answers.filter(({ allowed }) => allowed)).toHaveLength(50);
    expect(answers[0]).toEqual({
      limit: 50,
      remaining: 49,
      resetSeconds: 50,
      windowSeconds: 60,
      allowed: true,
    });
    expect(answers[49]).toMatchObject({ allowed: true, remaining: 0 });
    expect(answers[50]).toMatchObject({ allowed: false, remaining: 0, resetSeconds: 50 });
  });

  it("never lets more through when many requests come at once", async () => {
    const [env, actor] = [limited(40), caller()];
    const answers = await Promise.all(Array.from({ length: 120 }, () => takeQuota(env, actor, { now })));
    const allowed = answers.filter((answer) => answer.allowed).length;
    expect(allowed).toBeLessThanOrEqual(40);
    let more = 0;
    for (let i = 0; i < 60; i++) if ((await takeQuota(env, actor, { now })).allowed) more++;
    expect(allowed + more).toBe(40);
  });

  it("starts afresh in the next window and for another caller", async () => {
    const [env, actor] = [limited(1), caller()];
    expect((await takeQuota(env, actor, { now })).allowed).toBe(true);
    expect((await takeQuota(env, actor, { now })).allowed).toBe(false);
    expect((await takeQuota(env, caller(), { now })).allowed).toBe(true);
    const next = new Date(now.getTime() + 60_000);
    expect((await takeQuota(env, actor, { now: next })).allowed).toBe(true);
  });

  it("counts nobody by address", async () => {
    const env = limited(1);
    const nobody: Actor = { kind: "anonymous", id: "", tenantId: "", grants: [] };
    const address = `2001:db8::${newId("x", now)}`;
    expect((await takeQuota(env, nobody, { now, address })).allowed).toBe(true);
    expect((await takeQuota(env, nobody, { now, address })).allowed).toBe(false);
    expect((await takeQuota(env, nobody, { now, address: `${address}1` })).allowed).toBe(true);
  });

  it("forgets a caller who has gone", async () => {
    const [env, actor] = [limited(1), caller()];
    expect((await takeQuota(env, actor, { now })).allowed).toBe(true);
    const object = limitsOf(bindings, actor.tenantId, `api_key:${actor.id}`);
    expect(await runDurableObjectAlarm(object)).toBe(true);
    expect(await runDurableObjectAlarm(object)).toBe(false);
  });
});
