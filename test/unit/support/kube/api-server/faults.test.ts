import { afterEach, describe, expect, it } from "vitest";
import { type Api, configMap, linesOf, MAPS, startApi } from "./start-api.ts";

let api: Api;
afterEach(() => api.sim.stop());

const get = (path: string) => fetch(`${api.sim.url}${path}`, { headers: { authorization: "Bearer admin" } });

describe("an injected fault", () => {
  it("answers in the API's place, so many times", async () => {
    api = await startApi();
    api.sim.inject({
      path: "/configmaps",
      method: "GET",
      times: 2,
      does: {
        kind: "answer",
        status: 429,
        headers: { "Retry-After": "3" },
        body: { kind: "Status", code: 429 },
      },
    });
    const refused = await api.ask("GET", MAPS);
    expect(refused).toMatchObject({ status: 429, body: { code: 429 } });
    expect(refused.headers.get("retry-after")).toBe("3");
    expect((await api.ask("POST", MAPS, configMap("a"))).status).toBe(201);
    expect((await api.ask("GET", MAPS)).status).toBe(429);
    expect((await api.ask("GET", MAPS)).status).toBe(200);
  });

  it("lasts until it is taken back, and the first that matches counts", async () => {
    api = await startApi();
    const stop = api.sim.inject({ does: { kind: "answer", status: 500 } });
    api.sim.inject({ does: { kind: "answer", status: 503 } });
    expect((await api.ask("GET", MAPS)).status).toBe(500);
    stop();
    expect((await api.ask("GET", MAPS)).status).toBe(503);
  });

  it("delays", async () => {
    api = await startApi();
    api.sim.inject({ times: 1, does: { kind: "delay", delayMs: 80 } });
    const from = performance.now();
    expect((await api.ask("GET", MAPS)).status).toBe(200);
    expect(performance.now() - from).toBeGreaterThan(75);
  });

  it("cuts the connection before the request is carried out, or after", async () => {
    api = await startApi();
    api.sim.inject({ method: "POST", times: 1, does: { kind: "cut_before" } });
    await expect(api.ask("POST", MAPS, configMap("before"))).rejects.toThrow();
    expect((await api.ask("GET", `${MAPS}/before`)).status).toBe(404);
    api.sim.inject({ method: "POST", times: 1, does: { kind: "cut_after_bytes", bytes: 0 } });
    await expect(api.ask("POST", MAPS, configMap("after"))).rejects.toThrow();
    expect((await api.ask("GET", `${MAPS}/after`)).status).toBe(200);
  });

  it("cuts in the middle of a body and of a watch", async () => {
    api = await startApi();
    await api.ask("POST", MAPS, configMap("a", { filler: "x".repeat(1000) }));
    api.sim.inject({ times: 2, does: { kind: "cut_after_bytes", bytes: 100 } });
    const answer = await get(MAPS);
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow();
    const watch = await get(`${MAPS}?watch=true`);
    let text = "";
    const read = async () => {
      for await (const chunk of watch.body ?? []) text += Buffer.from(chunk).toString();
    };
    await expect(read()).rejects.toThrow();
    expect(text).toHaveLength(100);
  });

  it("drops open watches", async () => {
    api = await startApi();
    await api.ask("POST", MAPS, configMap("a"));
    const kept = linesOf(await get("/api/v1/namespaces?watch=true"));
    const dropped = linesOf(await get(`${MAPS}?watch=true`));
    await dropped.next();
    await kept.next();
    api.sim.inject({ path: "/configmaps", does: { kind: "drop_watches" } });
    await expect(dropped.next()).rejects.toThrow();
    expect((await kept.next()).value).toContain("kube-node-lease");
  });

  it("expires open watches, and what they could go on from", async () => {
    api = await startApi();
    const { body } = await api.ask("POST", MAPS, configMap("a"));
    await api.ask("POST", MAPS, configMap("b"));
    const watch = linesOf(await get(`${MAPS}?watch=true&resourceVersion=${api.sim.world.store.revision()}`));
    api.sim.inject({ does: { kind: "expire_watches" } });
    expect(JSON.parse((await watch.next()).value ?? "")).toMatchObject({
      type: "ERROR",
      object: { code: 410 },
    });
    expect((await watch.next()).done).toBe(true);
    const { resourceVersion } = Object(Object(body).metadata);
    const again = linesOf(await get(`${MAPS}?watch=true&resourceVersion=${resourceVersion}`));
    expect(JSON.parse((await again.next()).value ?? "")).toMatchObject({
      type: "ERROR",
      object: { code: 410 },
    });
  });
});
