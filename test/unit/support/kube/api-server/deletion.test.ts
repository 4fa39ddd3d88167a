import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Api, at, configMap, MAPS, namesIn, PODS, pod, startApi, textAt } from "./start-api.ts";

let api: Api;
beforeAll(async () => {
  api = await startApi({ startAt: "2026-03-01T00:00:00Z" });
});
afterAll(() => api.sim.stop());

const exists = async (path: string) => (await api.ask("GET", path)).status === 200;
const refOf = (owner: unknown, more = {}) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  name: textAt(owner, "metadata/name"),
  uid: textAt(owner, "metadata/uid"),
  ...more,
});

async function family(name: string, more = {}): Promise<void> {
  const { body: owner } = await api.ask("POST", MAPS, configMap(name));
  const child = {
    ...configMap(`${name}-child`),
    metadata: { name: `${name}-child`, ownerReferences: [refOf(owner, more)] },
  };
  const { body: made } = await api.ask("POST", MAPS, child);
  const grandchild = { name: `${name}-grandchild`, ownerReferences: [refOf(made)] };
  await api.ask("POST", MAPS, { ...configMap(""), metadata: grandchild });
}

describe("a deletion", () => {
  it("answers with a Status that names what is gone", async () => {
    const { body: made } = await api.ask("POST", MAPS, configMap("gone"));
    const answer = await api.ask("DELETE", `${MAPS}/gone`);
    expect(answer).toMatchObject({
      status: 200,
      body: {
        kind: "Status",
        status: "Success",
        details: { name: "gone", kind: "configmaps", uid: textAt(made, "metadata/uid") },
      },
    });
    expect((await api.ask("DELETE", `${MAPS}/gone`)).status).toBe(404);
  });

  it("waits for the finalizers, and takes no new ones meanwhile", async () => {
    const held = { ...configMap("held"), metadata: { name: "held", finalizers: ["a/b"] } };
    await api.ask("POST", MAPS, held);
    const marked = await api.ask("DELETE", `${MAPS}/held`);
    expect(marked.body).toMatchObject({
      kind: "ConfigMap",
      metadata: { deletionTimestamp: "2026-03-01T00:00:00Z", deletionGracePeriodSeconds: 0 },
    });
    const more = await api.ask("PUT", `${MAPS}/held`, {
      ...Object(marked.body),
      metadata: { ...Object(at(marked.body, "metadata")), finalizers: ["a/b", "c/d"] },
    });
    expect(more).toMatchObject({
      status: 422,
      body: {
        message: expect.stringContaining("no new finalizers can be added if the object is being deleted"),
      },
    });
    const freed = { metadata: { finalizers: null } };
    await api.ask("PATCH", `${MAPS}/held`, freed, { type: "application/merge-patch+json" });
    expect(await exists(`${MAPS}/held`)).toBe(false);
  });

  it("keeps to its preconditions and to the words it knows", async () => {
    await api.ask("POST", MAPS, configMap("sure"));
    const wrong = await api.ask("DELETE", `${MAPS}/sure`, { preconditions: { uid: "other" } });
    expect(wrong).toMatchObject({
      status: 409,
      body: { message: expect.stringContaining("Precondition failed: UID") },
    });
    const old = await api.ask("DELETE", `${MAPS}/sure`, { preconditions: { resourceVersion: "1" } });
    expect(old.status).toBe(409);
    expect((await api.ask("DELETE", `${MAPS}/sure`, { propagationPolicy: "Slowly" })).status).toBe(400);
    expect((await api.ask("DELETE", `${MAPS}/sure?gracePeriodSeconds=-1`)).status).toBe(400);
    expect(await exists(`${MAPS}/sure`)).toBe(true);
  });

  it("deletes all that a selector means", async () => {
    for (const name of ["x1", "x2", "y1"])
      await api.ask("POST", MAPS, configMap(name, {}, { set: name.slice(0, 1) }));
    const { body } = await api.ask("DELETE", `${MAPS}?labelSelector=set%3Dx`);
    expect(namesIn(body)).toEqual(["x1", "x2"]);
    expect(namesIn((await api.ask("GET", `${MAPS}?labelSelector=set`)).body)).toEqual(["y1"]);
  });
});

describe("what an owner leaves behind", () => {
  it("goes with it in the background", async () => {
    await family("back");
    await api.ask("DELETE", `${MAPS}/back?propagationPolicy=Background`);
    expect(await exists(`${MAPS}/back-child`)).toBe(false);
    expect(await exists(`${MAPS}/back-grandchild`)).toBe(false);
  });

  it("goes before it in the foreground", async () => {
    await family("fore", { blockOwnerDeletion: true });
    const revision = api.sim.world.store.revision();
    const watch = await api.watch(`${MAPS}?watch=true&resourceVersion=${revision}`);
    await api.ask("DELETE", `${MAPS}/fore`, { propagationPolicy: "Foreground" });
    const deleted: string[] = [];
    while (deleted.length < 3) {
      const line = await watch.next();
      if (line?.type === "DELETED") deleted.push(textAt(line.object, "metadata/name"));
    }
    watch.stop();
    expect(deleted.indexOf("fore")).toBeGreaterThan(deleted.indexOf("fore-child"));
    expect(deleted).toContain("fore-grandchild");
  });

  it("keeps the owner in the foreground while a blocking dependent is held", async () => {
    const { body: owner } = await api.ask("POST", MAPS, configMap("patient"));
    const ownerReferences = [refOf(owner, { blockOwnerDeletion: true })];
    const child = { name: "stubborn", ownerReferences, finalizers: ["a/b"] };
    await api.ask("POST", MAPS, { ...configMap(""), metadata: child });
    const marked = await api.ask("DELETE", `${MAPS}/patient`, { propagationPolicy: "Foreground" });
    expect(at(marked.body, "metadata/finalizers")).toEqual(["foregroundDeletion"]);
    expect(await exists(`${MAPS}/patient`)).toBe(true);
    await api.ask(
      "PATCH",
      `${MAPS}/stubborn`,
      { metadata: { finalizers: null } },
      { type: "application/merge-patch+json" },
    );
    expect(await exists(`${MAPS}/stubborn`)).toBe(false);
    expect(await exists(`${MAPS}/patient`)).toBe(false);
  });

  it("stays without an owner when orphaned", async () => {
    await family("lone");
    await api.ask("DELETE", `${MAPS}/lone`, { propagationPolicy: "Orphan" });
    expect(await exists(`${MAPS}/lone`)).toBe(false);
    expect((await api.ask("GET", `${MAPS}/lone-child`)).body).not.toHaveProperty("metadata.ownerReferences");
  });

  it("stays while another owner lives", async () => {
    const { body: one } = await api.ask("POST", MAPS, configMap("owner-one"));
    const { body: two } = await api.ask("POST", MAPS, configMap("owner-two"));
    const metadata = { name: "shared", ownerReferences: [refOf(one), refOf(two)] };
    await api.ask("POST", MAPS, { ...configMap(""), metadata });
    await api.ask("DELETE", `${MAPS}/owner-one`);
    expect(at((await api.ask("GET", `${MAPS}/shared`)).body, "metadata/ownerReferences")).toEqual([
      refOf(two),
    ]);
    await api.ask("DELETE", `${MAPS}/owner-two`);
    expect(await exists(`${MAPS}/shared`)).toBe(false);
  });
});

describe("a pod", () => {
  it("has its grace on a node, and none without one", async () => {
    await api.ask("POST", PODS, pod("waiting"));
    await api.ask("DELETE", `${PODS}/waiting`);
    expect(await exists(`${PODS}/waiting`)).toBe(false);
    await api.ask("POST", PODS, pod("running", { nodeName: "n1", terminationGracePeriodSeconds: 10 }));
    const { body } = await api.ask("DELETE", `${PODS}/running`);
    expect(body).toMatchObject({
      kind: "Pod",
      metadata: { deletionTimestamp: "2026-03-01T00:00:10Z", deletionGracePeriodSeconds: 10 },
    });
    await api.sim.world.clock.advance(9_999);
    expect(await exists(`${PODS}/running`)).toBe(true);
    await api.sim.world.clock.advance(1);
    expect(await exists(`${PODS}/running`)).toBe(false);
  });

  it("goes at once when forced, also after a graceful deletion began", async () => {
    await api.ask("POST", PODS, pod("forced", { nodeName: "n1" }));
    await api.ask("DELETE", `${PODS}/forced`);
    expect(await exists(`${PODS}/forced`)).toBe(true);
    await api.ask("DELETE", `${PODS}/forced`, { gracePeriodSeconds: 0 });
    expect(await exists(`${PODS}/forced`)).toBe(false);
  });
});

describe("a namespace", () => {
  it("is terminating until it is empty, and takes nothing new meanwhile", async () => {
    const home = "/api/v1/namespaces/short";
    await api.ask("POST", "/api/v1/namespaces", { kind: "Namespace", metadata: { name: "short" } });
    const held = { name: "held", finalizers: ["a/b"] };
    await api.ask("POST", `${home}/configmaps`, { ...configMap(""), metadata: held });
    await api.ask("POST", `${home}/configmaps`, configMap("loose"));
    const answer = await api.ask("DELETE", home);
    expect(answer).toMatchObject({
      status: 200,
      body: { kind: "Namespace", status: { phase: "Terminating" } },
    });
    expect(namesIn((await api.ask("GET", `${home}/configmaps`)).body)).toEqual(["held"]);
    const late = await api.ask("POST", `${home}/configmaps`, configMap("late"));
    expect(late).toMatchObject({
      status: 403,
      body: {
        reason: "Forbidden",
        message:
          'configmaps "late" is forbidden: unable to create new content in namespace short because it is being terminated',
        details: { causes: [{ reason: "NamespaceTerminating" }] },
      },
    });
    expect((await api.ask("GET", home)).body).toMatchObject({
      status: { conditions: [{ type: "NamespaceContentRemaining", status: "True" }] },
    });
    await api.ask(
      "PATCH",
      `${home}/configmaps/held`,
      { metadata: { finalizers: null } },
      { type: "application/merge-patch+json" },
    );
    expect(await exists(home)).toBe(false);
  });

  it("that the cluster needs can't be deleted", async () => {
    expect((await api.ask("DELETE", "/api/v1/namespaces/default")).body).toMatchObject({
      code: 403,
      message: 'namespaces "default" is forbidden: this namespace may not be deleted',
    });
  });
});
