import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { type Api, at, configMap, MAPS, startApi, textAt, type WatchLine } from "./start-api.ts";

let api: Api;
afterEach(() => api.sim.stop());

const said = (line: WatchLine | undefined) => `${line?.type} ${textAt(line?.object, "metadata/name")}`;
const REVISION = "metadata/resourceVersion";

describe("a watch", () => {
  it("goes on from a revision with every change after it, once and in order", async () => {
    api = await startApi();
    const first = await api.ask("POST", MAPS, configMap("a"));
    await api.ask("PUT", `${MAPS}/a`, configMap("a", { x: "1" }));
    const watch = await api.watch(`${MAPS}?watch=true&resourceVersion=${textAt(first.body, REVISION)}`);
    await api.ask("POST", MAPS, configMap("b"));
    await api.ask("POST", "/api/v1/namespaces/kube-system/configmaps", configMap("elsewhere"));
    await api.ask("DELETE", `${MAPS}/a`);
    const lines = [await watch.next(), await watch.next(), await watch.next()];
    expect(lines.map(said)).toEqual(["MODIFIED a", "ADDED b", "DELETED a"]);
    const revisions = lines.map((line) => Number(at(line?.object, REVISION)));
    expect(revisions).toEqual([...revisions].sort((left, right) => left - right));
    watch.stop();
  });

  it("shows what is there first when it names no revision, and ends after its time with a bookmark", async () => {
    api = await startApi();
    await api.ask("POST", MAPS, configMap("a"));
    const watch = await api.watch(`${MAPS}?watch=1&timeoutSeconds=1&allowWatchBookmarks=true`);
    expect(said(await watch.next())).toBe("ADDED a");
    const bookmark = await watch.next();
    expect(bookmark).toMatchObject({ type: "BOOKMARK", object: { kind: "ConfigMap", apiVersion: "v1" } });
    expect(textAt(bookmark?.object, REVISION)).toBe(String(api.sim.world.store.revision()));
    expect(await watch.next()).toBeUndefined();
  });

  it("marks the end of the initial events, and sends bookmarks now and then", async () => {
    api = await startApi({ bookmarkEveryMs: 50 });
    await api.ask("POST", MAPS, configMap("a"));
    const query =
      "watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
    const watch = await api.watch(`${MAPS}?${query}`);
    expect(said(await watch.next())).toBe("ADDED a");
    expect(at((await watch.next())?.object, "metadata/annotations")).toEqual({
      "k8s.io/initial-events-end": "true",
    });
    const later = await watch.next();
    expect(later?.type).toBe("BOOKMARK");
    expect(later?.object).not.toHaveProperty("metadata.annotations");
    watch.stop();
    const bad = await api.ask("GET", `${MAPS}?watch=true&sendInitialEvents=true`);
    expect(bad).toMatchObject({
      status: 422,
      body: { details: { causes: [{ field: "resourceVersionMatch" }] } },
    });
  });

  it("sees an object come and go as it starts and stops to match the selector", async () => {
    api = await startApi();
    await api.ask("POST", MAPS, configMap("a"));
    const revision = String(api.sim.world.store.revision());
    const watch = await api.watch(`${MAPS}?watch=true&labelSelector=on&resourceVersion=${revision}`);
    await api.ask("PUT", `${MAPS}/a`, configMap("a", {}, { on: "" }));
    await api.ask("PUT", `${MAPS}/a`, configMap("a", { b: "c" }, { on: "" }));
    await api.ask("PUT", `${MAPS}/a`, configMap("a"));
    const lines = [await watch.next(), await watch.next(), await watch.next()];
    expect(lines.map(said)).toEqual(["ADDED a", "MODIFIED a", "DELETED a"]);
    watch.stop();
  });

  it("says 410 for a revision that fell out of the history", async () => {
    api = await startApi({ historyLength: 2 });
    for (const name of ["a", "b", "c", "d"]) await api.ask("POST", MAPS, configMap(name));
    const watch = await api.watch(`${MAPS}?watch=true&resourceVersion=1`);
    const refused = await watch.next();
    expect(refused).toMatchObject({
      type: "ERROR",
      object: { kind: "Status", code: 410, reason: "Expired" },
    });
    expect(textAt(refused?.object, "message")).toMatch(/^too old resource version: 1 \(\d+\)$/);
    expect(await watch.next()).toBeUndefined();
  });

  it("closes a watcher that does not read", async () => {
    api = await startApi({ watchBacklog: 5 });
    const { port } = new URL(api.sim.url);
    const socket = connect(Number(port), "127.0.0.1");
    socket.write(`GET ${MAPS}?watch=true HTTP/1.1\r\nhost: x\r\nauthorization: Bearer admin\r\n\r\n`);
    await new Promise((resolve) => socket.once("data", resolve));
    socket.pause();
    const kind = api.sim.world.store.kindOf("", "configmaps");
    const make = (name: string) =>
      api.sim.world.store.create(kind, {
        metadata: { name, namespace: "default", uid: "", resourceVersion: "", creationTimestamp: "" },
        data: { filler: "x".repeat(200_000) },
      });
    for (let index = 0; index < 100; index += 1) {
      make(`big-${index}`);
      if (index % 10 === 0) await wait(1);
    }
    await wait(300);
    let text = "";
    let ended = false;
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
    });
    socket.on("end", () => {
      ended = true;
    });
    socket.resume();
    await expect.poll(() => ended || text.endsWith("0\r\n\r\n"), { timeout: 5000 }).toBe(true);
    expect(text).not.toContain('"name":"big-99"');
    socket.destroy();
  });
});
