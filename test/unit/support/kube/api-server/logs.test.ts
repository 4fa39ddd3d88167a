import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Api, linesOf, PODS, pod, startApi } from "./start-api.ts";

let api: Api;
beforeAll(async () => {
  api = await startApi({ startAt: "2026-03-01T00:00:00Z" });
  await api.ask("POST", PODS, pod("talker"));
  const { logs, clock } = api.sim.world;
  logs.append("default", "talker", "one");
  await clock.advance(1_500);
  logs.append("default", "talker", "two", "main");
  await clock.advance(1_500);
  logs.append("default", "talker", "three");
});
afterAll(() => api.sim.stop());

const log = async (query: string, name = "talker") =>
  (await api.ask("GET", `${PODS}/${name}/log?${query}`)).body;

describe("the log of a pod", () => {
  it("is plain text, from as far back as one asks", async () => {
    expect(await log("")).toBe("one\ntwo\nthree\n");
    expect(await log("tailLines=2")).toBe("two\nthree\n");
    expect(await log("tailLines=0")).toBe("");
    expect(await log("sinceSeconds=2")).toBe("two\nthree\n");
    expect(await log("sinceTime=2026-03-01T00:00:02Z")).toBe("three\n");
    expect(await log("timestamps=true&tailLines=1")).toBe("2026-03-01T00:00:03.000Z three\n");
    expect(await log("container=main&tailLines=1")).toBe("three\n");
  });

  it("refuses containers that there are not, and asks which of several", async () => {
    expect(await log("container=x")).toMatchObject({
      code: 400,
      message: "container x is not valid for pod talker",
    });
    const containers = [{ name: "main" }, { name: "side" }];
    await api.ask("POST", PODS, pod("pair", { containers }));
    api.sim.world.logs.append("default", "pair", "aside", "side");
    expect(await log("", "pair")).toMatchObject({
      code: 400,
      message: "a container name must be specified for pod pair, choose one of: [main side]",
    });
    expect(await log("container=side", "pair")).toBe("aside\n");
    expect(await log("", "nobody")).toMatchObject({ code: 404, message: 'pods "nobody" not found' });
  });

  it("shows the previous container's lines after a restart", async () => {
    await api.ask("POST", PODS, pod("restarted"));
    expect(await log("previous=true", "restarted")).toMatchObject({
      code: 400,
      message: 'previous terminated container "main" in pod "restarted" not found',
    });
    api.sim.world.logs.append("default", "restarted", "before");
    api.sim.world.logs.rotate("default", "restarted");
    api.sim.world.logs.append("default", "restarted", "after");
    expect(await log("previous=true", "restarted")).toBe("before\n");
    expect(await log("", "restarted")).toBe("after\n");
  });

  it("is followed until the pod ends", async () => {
    await api.ask("POST", PODS, pod("followed"));
    const { logs, store } = api.sim.world;
    logs.append("default", "followed", "first");
    const response = await fetch(`${api.sim.url}${PODS}/followed/log?follow=true`, {
      headers: { authorization: "Bearer admin" },
    });
    const lines = linesOf(response);
    expect((await lines.next()).value).toBe("first");
    logs.append("default", "followed", "second");
    logs.append("default", "talker", "of another");
    expect((await lines.next()).value).toBe("second");
    store.edit(store.kindOf("", "pods"), "default", "followed", (one) => {
      one["status"] = { phase: "Succeeded" };
    });
    expect((await lines.next()).done).toBe(true);
  });
});
