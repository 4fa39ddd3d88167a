import { describe, expect, it } from "vitest";
import { createApi } from "../../../../cli/src/client/api.ts";
import { readProblem, readRetryAfter } from "../../../../cli/src/client/problem.ts";
import { send } from "../../../../cli/src/client/send.ts";
import { ApiError, CliError } from "../../../../cli/src/failure.ts";
import { fakeMachine, json, problemAnswer } from "../fake-machine.ts";

/** Answers one after another; the last one stays. */
function answers(...list: (() => Response)[]) {
  const calls: { url: string; init: RequestInit }[] = [];
  const machine = fakeMachine({
    fetch: (url, init) => {
      calls.push({ url, init });
      const make = list[Math.min(calls.length, list.length) - 1];
      if (!make) throw new Error("no answer");
      return make();
    },
  });
  return { calls, machine };
}

const address = "http://localhost/v1/me";

describe("sending a request", () => {
  it("tries transient answers again, waiting at random below a limit that doubles", async () => {
    const { calls, machine } = answers(
      () => problemAnswer(503, "x"),
      () => problemAnswer(502, "x"),
      () => json({ ok: true }),
    );
    const response = await send(machine.transport, address, () => ({}));
    expect(await response.json()).toEqual({ ok: true });
    expect(calls).toHaveLength(3);
    expect(machine.waits).toEqual([125, 250]);
  });

  it("waits as long as Retry-After asks, and gives up when that is too long", async () => {
    const polite = answers(
      () => problemAnswer(429, "http.rate_limited", {}, { "retry-after": "7" }),
      () => json({}),
    );
    await send(polite.machine.transport, address, () => ({}));
    expect(polite.machine.waits).toEqual([7000]);
    const long = answers(() => problemAnswer(429, "http.rate_limited", {}, { "retry-after": "3600" }));
    await expect(send(long.machine.transport, address, () => ({}))).rejects.toMatchObject({
      retryAfterMs: 3_600_000,
    });
    expect(long.machine.waits).toEqual([]);
  });

  it("asks a cluster without an agent once more, and no further", async () => {
    const { calls, machine } = answers(() =>
      problemAnswer(503, "clusters.offline", {}, { "retry-after": "5" }),
    );
    const refused = send(machine.transport, address, () => ({}));
    await expect(refused).rejects.toMatchObject({ problem: { code: "clusters.offline" } });
    expect(calls).toHaveLength(2);
    expect(machine.waits).toEqual([5000]);
  });

  it("does not repeat what the server refused", async () => {
    const { calls, machine } = answers(() => problemAnswer(422, "evaluation.metrics"));
    const refused = send(machine.transport, address, () => ({}));
    await expect(refused).rejects.toBeInstanceOf(ApiError);
    await expect(refused).rejects.toMatchObject({ exitCode: 65, problem: { code: "evaluation.metrics" } });
    expect(calls).toHaveLength(1);
  });

  it("says which server cannot be reached, after five tries", async () => {
    const machine = fakeMachine();
    const failed = send(machine.transport, address, () => ({}));
    await expect(failed).rejects.toBeInstanceOf(CliError);
    await expect(failed).rejects.toMatchObject({
      exitCode: 69,
      message: "http://localhost cannot be reached (ECONNREFUSED).",
    });
    expect(machine.waits).toHaveLength(4);
  });

  it("makes a problem of an answer that is none, such as a proxy's page", async () => {
    const page = new Response("<html>", { status: 502, headers: { "content-type": "text/html" } });
    expect(await readProblem(page)).toMatchObject({ status: 502, code: "http.unexplained", retryable: true });
  });

  it("reads Retry-After in seconds and as a date", () => {
    expect(readRetryAfter("3", 0)).toBe(3000);
    expect(readRetryAfter("Thu, 01 Jan 1970 00:00:10 GMT", 4000)).toBe(6000);
    expect(readRetryAfter("soon", 0)).toBeUndefined();
  });
});

describe("the API by the names of its operations", () => {
  it("sends a write under one idempotency key, however often it is tried", async () => {
    const { calls, machine } = answers(
      () => problemAnswer(503, "x"),
      () => json({ id: "prj_1" }),
    );
    const credentials = { header: async () => "Bearer k", renew: async () => false };
    const api = createApi({ endpoint: "http://localhost/", transport: machine.transport, credentials });
    expect(await api.call("access.project.create", { name: "가" })).toEqual({ id: "prj_1" });
    const headers = calls.map(({ init }) => new Headers(init.headers));
    expect(headers[0]?.get("idempotency-key")).toMatch(/^[\w-]{36}$/);
    expect(headers[1]?.get("idempotency-key")).toBe(headers[0]?.get("idempotency-key"));
    expect(headers[0]?.get("authorization")).toBe("Bearer k");
    expect(calls[0]).toMatchObject({
      url: "http://localhost/v1/projects",
      init: { method: "POST", body: '{"name":"가"}' },
    });
  });

  it("renews the session once after a 401, and then tells", async () => {
    let renewed = 0;
    const { calls, machine } = answers(
      () => problemAnswer(401, "access.token_expired"),
      () => problemAnswer(401, "access.token_expired"),
    );
    const credentials = { header: async () => `Bearer ${renewed}`, renew: async () => ++renewed === 1 };
    const api = createApi({ endpoint: "http://localhost", transport: machine.transport, credentials });
    await expect(api.call("access.me.get")).rejects.toMatchObject({ exitCode: 77 });
    expect(calls.map(({ init }) => new Headers(init.headers).get("authorization"))).toEqual([
      "Bearer 0",
      "Bearer 1",
    ]);
  });
});
