import { Writable } from "node:stream";
import {
  ApiException,
  AuthorizationV1Api,
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  Log,
  makeInformer,
  PatchStrategy,
  setHeaderOptions,
  Watch,
} from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Api, pod, startApi } from "./start-api.ts";

const NAMESPACE = "default";
const WIDGETS = { group: "example.org", version: "v1", namespace: NAMESPACE, plural: "widgets" };

let api: Api;
let config: KubeConfig;
let core: CoreV1Api;
beforeAll(async () => {
  api = await startApi();
  config = new KubeConfig();
  config.loadFromClusterAndUser(
    { name: "sim", server: api.sim.url, skipTLSVerify: true },
    { name: "admin", token: "admin" },
  );
  core = config.makeApiClient(CoreV1Api);
});
afterAll(() => api.sim.stop());

const as = (strategy: PatchStrategy) => setHeaderOptions("Content-Type", strategy);
const refusal = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ApiException)) throw new Error(`Not refused: ${String(error)}`);
  return { code: error.code, ...JSON.parse(String(error.body)) };
};

describe("the official JavaScript client", () => {
  it("makes, reads, lists in pages, replaces and deletes", async () => {
    for (const name of ["a", "b", "c"]) {
      await core.createNamespacedConfigMap({
        namespace: NAMESPACE,
        body: { metadata: { name, labels: { set: "one" } } },
      });
    }
    const page = await core.listNamespacedConfigMap({
      namespace: NAMESPACE,
      limit: 2,
      labelSelector: "set=one",
    });
    expect(page.items.map((item) => item.metadata?.name)).toEqual(["a", "b"]);
    const rest = await core.listNamespacedConfigMap({
      namespace: NAMESPACE,
      labelSelector: "set=one",
      limit: 2,
      _continue: page.metadata?._continue ?? "",
    });
    expect(rest.items.map((item) => item.metadata?.name)).toEqual(["c"]);
    const read = await core.readNamespacedConfigMap({ namespace: NAMESPACE, name: "a" });
    expect(read.metadata?.creationTimestamp).toBeInstanceOf(Date);
    const body = { ...read, data: { k: "v" } };
    expect((await core.replaceNamespacedConfigMap({ namespace: NAMESPACE, name: "a", body })).data).toEqual({
      k: "v",
    });
    const stale = await refusal(
      core.replaceNamespacedConfigMap({ namespace: NAMESPACE, name: "a", body: { ...body, data: {} } }),
    );
    expect(stale).toMatchObject({ code: 409, reason: "Conflict" });
    expect(await core.deleteNamespacedConfigMap({ namespace: NAMESPACE, name: "a" })).toMatchObject({
      status: "Success",
    });
    expect(await refusal(core.readNamespacedConfigMap({ namespace: NAMESPACE, name: "a" }))).toMatchObject({
      code: 404,
      message: 'configmaps "a" not found',
    });
  });

  it("patches with each content type", async () => {
    const widgets = config.makeApiClient(CustomObjectsApi);
    const body = { apiVersion: "example.org/v1", kind: "Widget", metadata: { name: "p" }, spec: { size: 1 } };
    await widgets.createNamespacedCustomObject({ ...WIDGETS, body });
    const patch = (strategy: PatchStrategy, change: object, more = {}) =>
      widgets.patchNamespacedCustomObject({ ...WIDGETS, name: "p", body: change, ...more }, as(strategy));
    const json = [{ op: "replace", path: "/spec/size", value: 2 }];
    expect(await patch(PatchStrategy.JsonPatch, json)).toMatchObject({ spec: { size: 2 } });
    expect(await patch(PatchStrategy.MergePatch, { spec: { size: 3 } })).toMatchObject({ spec: { size: 3 } });
    expect(await refusal(patch(PatchStrategy.StrategicMergePatch, { spec: { size: 4 } }))).toMatchObject({
      code: 415,
    });
    const applied = { ...body, spec: { color: "red" } };
    const manager = { fieldManager: "test" };
    expect(await patch(PatchStrategy.ServerSideApply, applied, manager)).toMatchObject({
      spec: { size: 3, color: "red" },
    });
    const fought = { ...body, spec: { size: 9 } };
    expect(await refusal(patch(PatchStrategy.ServerSideApply, fought, manager))).toMatchObject({
      code: 409,
      message: expect.stringMatching(/^Apply failed with 1 conflict/),
    });
    expect(await patch(PatchStrategy.ServerSideApply, fought, { ...manager, force: true })).toMatchObject({
      spec: { size: 9 },
    });
    await core.createNamespacedPod({ namespace: NAMESPACE, body: pod("p") });
    const strategic = {
      spec: {
        containers: [
          { name: "main", image: "other" },
          { name: "second", image: "x" },
        ],
      },
    };
    const patched = await core.patchNamespacedPod(
      { namespace: NAMESPACE, name: "p", body: strategic },
      as(PatchStrategy.StrategicMergePatch),
    );
    expect(patched.spec?.containers.map(({ image }) => image)).toEqual(["other", "x"]);
  });

  it("finds its way by discovery", async () => {
    const objects = KubernetesObjectApi.makeApiClient(config);
    const body: KubernetesObject & { spec: object } = {
      apiVersion: "example.org/v1",
      kind: "Widget",
      metadata: { name: "found" },
      spec: { size: 1 },
    };
    const made = await objects.create(body);
    expect(made.metadata?.namespace).toBe(NAMESPACE);
    const list = await objects.list("example.org/v1", "Widget", NAMESPACE);
    expect(list.items.map((item) => item.metadata?.name)).toContain("found");
  });

  it("watches with bookmarks", async () => {
    const seen: string[] = [];
    let ended: unknown = "not yet";
    await new Watch(config).watch(
      `/api/v1/namespaces/${NAMESPACE}/secrets`,
      { allowWatchBookmarks: true, timeoutSeconds: 1 },
      (type, object) => {
        seen.push(`${type} ${object.metadata.name ?? object.metadata.resourceVersion}`);
      },
      (error) => {
        ended = error;
      },
    );
    const body = { metadata: { name: "s" }, stringData: { a: "b" } };
    await core.createNamespacedSecret({ namespace: NAMESPACE, body });
    await core.deleteNamespacedSecret({ namespace: NAMESPACE, name: "s" });
    await expect.poll(() => ended, { timeout: 3_000 }).not.toBe("not yet");
    expect(seen).toEqual(["ADDED s", "DELETED s", `BOOKMARK ${api.sim.world.store.revision()}`]);
  });

  it("keeps an informer right through a cut and an expired revision", async () => {
    const path = `/api/v1/namespaces/${NAMESPACE}/services`;
    const informer = makeInformer(config, path, () => core.listNamespacedService({ namespace: NAMESPACE }));
    const told: string[] = [];
    for (const verb of ["add", "update", "delete"] as const) {
      informer.on(verb, (service) => told.push(`${verb} ${service.metadata?.name}`));
    }
    informer.on("error", () => void informer.start());
    const make = (name: string) =>
      core.createNamespacedService({ namespace: NAMESPACE, body: { metadata: { name } } });
    const known = () =>
      informer
        .list()
        .map((service) => service.metadata?.name)
        .sort();
    await make("one");
    await informer.start();
    await make("two");
    await expect.poll(known).toEqual(["one", "two"]);
    api.sim.inject({ path: "/services", does: { kind: "drop_watches" } });
    await make("three");
    await expect.poll(known, { timeout: 5_000 }).toEqual(["one", "three", "two"]);
    api.sim.inject({ path: "/services", does: { kind: "expire_watches" } });
    await core.deleteNamespacedService({ namespace: NAMESPACE, name: "one" });
    await make("four");
    await expect.poll(known, { timeout: 5_000 }).toEqual(["four", "three", "two"]);
    expect(told.filter((line) => line.startsWith("add"))).toEqual([
      "add one",
      "add two",
      "add three",
      "add four",
    ]);
    expect(told.filter((line) => line.startsWith("delete"))).toEqual(["delete one"]);
    await informer.stop();
  });

  it("deletes an owner with what it owns", async () => {
    const owner = await core.createNamespacedConfigMap({
      namespace: NAMESPACE,
      body: { metadata: { name: "owner" } },
    });
    const ownerReferences = [
      {
        apiVersion: "v1",
        kind: "ConfigMap",
        name: "owner",
        uid: owner.metadata?.uid ?? "",
        blockOwnerDeletion: true,
      },
    ];
    await core.createNamespacedConfigMap({
      namespace: NAMESPACE,
      body: { metadata: { name: "owned", ownerReferences } },
    });
    await core.deleteNamespacedConfigMap({
      namespace: NAMESPACE,
      name: "owner",
      propagationPolicy: "Foreground",
    });
    for (const name of ["owner", "owned"]) {
      expect(await refusal(core.readNamespacedConfigMap({ namespace: NAMESPACE, name }))).toMatchObject({
        code: 404,
      });
    }
  });

  it("follows a log, and learns what it may do", async () => {
    await core.createNamespacedPod({ namespace: NAMESPACE, body: pod("loud") });
    let text = "";
    const sink = new Writable({
      write(chunk, _encoding, done) {
        text += String(chunk);
        done();
      },
    });
    await new Log(config).log(NAMESPACE, "loud", "main", sink, { follow: true });
    api.sim.world.logs.append(NAMESPACE, "loud", "hello");
    await expect.poll(() => text).toBe("hello\n");
    await core.deleteNamespacedPod({ namespace: NAMESPACE, name: "loud", gracePeriodSeconds: 0 });
    await expect.poll(() => sink.writableEnded).toBe(true);
    const access = config.makeApiClient(AuthorizationV1Api);
    const { status } = await access.createSelfSubjectAccessReview({
      body: { spec: { resourceAttributes: { verb: "delete", resource: "nodes" } } },
    });
    expect(status?.allowed).toBe(true);
  });
});
