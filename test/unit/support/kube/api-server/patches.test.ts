import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Api, at, configMap, MAPS, PODS, pod, startApi, textAt, WIDGETS, widget } from "./start-api.ts";

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.sim.stop());

const patch = (path: string, type: string, body: unknown) =>
  api.ask("PATCH", path, body, { type: `application/${type}` });
const MERGE = "merge-patch+json";
const JSON_PATCH = "json-patch+json";
const STRATEGIC = "strategic-merge-patch+json";

describe("a merge patch", () => {
  it("changes what it names and removes what it says is null", async () => {
    await api.ask("POST", MAPS, configMap("merged", { keep: "1", drop: "2" }, { l: "v" }));
    const { status, body } = await patch(`${MAPS}/merged`, MERGE, { data: { drop: null, add: "3" } });
    expect({ status, data: at(body, "data"), labels: at(body, "metadata/labels") }).toEqual({
      status: 200,
      data: { keep: "1", add: "3" },
      labels: { l: "v" },
    });
  });

  it("is refused when it was made for another revision", async () => {
    await api.ask("POST", MAPS, configMap("raced"));
    const stale = { metadata: { resourceVersion: "1" }, data: { a: "b" } };
    expect(await patch(`${MAPS}/raced`, MERGE, stale)).toMatchObject({
      status: 409,
      body: { reason: "Conflict" },
    });
    expect((await patch(`${MAPS}/absent`, MERGE, {})).status).toBe(404);
    expect((await patch(`${MAPS}/raced`, MERGE, "{")).status).toBe(400);
  });
});

describe("a JSON patch", () => {
  it("does its operations in order, and none of them where a test fails", async () => {
    await api.ask("POST", MAPS, configMap("ops", { a: "1", "x/y": "2" }));
    const done = await patch(`${MAPS}/ops`, JSON_PATCH, [
      { op: "test", path: "/data/a", value: "1" },
      { op: "replace", path: "/data/a", value: "one" },
      { op: "move", from: "/data/x~1y", path: "/data/moved" },
      { op: "copy", from: "/data/a", path: "/data/b" },
      { op: "add", path: "/metadata/labels", value: { new: "" } },
      { op: "remove", path: "/data/a" },
    ]);
    expect(done.body).toMatchObject({ data: { moved: "2", b: "one" }, metadata: { labels: { new: "" } } });
    expect(done.body).not.toHaveProperty("data.a");
    const failed = await patch(`${MAPS}/ops`, JSON_PATCH, [
      { op: "add", path: "/data/c", value: "3" },
      { op: "test", path: "/data/b", value: "two" },
    ]);
    expect(failed).toMatchObject({
      status: 422,
      body: {
        reason: "Invalid",
        message: "the server rejected our request due to an error in our request",
        details: { causes: [{ message: "testing value /data/b failed: test failed" }] },
      },
    });
    expect((await api.ask("GET", `${MAPS}/ops`)).body).not.toHaveProperty("data.c");
  });

  it("puts items in their place in lists, and refuses paths that lead nowhere", async () => {
    const parts = [{ name: "a" }, { name: "c" }];
    await api.ask("POST", WIDGETS, widget("listed", { size: 1, parts }));
    const { body } = await patch(`${WIDGETS}/listed`, JSON_PATCH, [
      { op: "add", path: "/spec/parts/1", value: { name: "b" } },
      { op: "remove", path: "/spec/parts/0" },
    ]);
    expect(at(body, "spec/parts")).toEqual([
      { name: "b", weight: 1.5 },
      { name: "c", weight: 1.5 },
    ]);
    for (const operation of [
      { op: "remove", path: "/spec/none" },
      { op: "replace", path: "/spec/parts/7", value: {} },
      { op: "bend", path: "/spec" },
      { op: "add", path: "spec", value: 1 },
      { op: "add", path: "/spec/size" },
    ]) {
      expect((await patch(`${WIDGETS}/listed`, JSON_PATCH, [operation])).status).toBe(422);
    }
    expect((await patch(`${WIDGETS}/listed`, JSON_PATCH, { op: "add" })).status).toBe(400);
    const many = Array.from({ length: 10_001 }, () => ({ op: "test", path: "/kind", value: "Widget" }));
    expect((await patch(`${WIDGETS}/listed`, JSON_PATCH, many)).status).toBe(413);
  });
});

describe("a strategic merge patch", () => {
  it("merges the lists of Kubernetes' own kinds by their keys", async () => {
    const containers = [
      { name: "main", image: "a", env: [{ name: "X", value: "1" }], ports: [{ containerPort: 80 }] },
      { name: "side", image: "b" },
    ];
    await api.ask("POST", PODS, { ...pod("many", { containers }) });
    const changed = {
      metadata: { finalizers: ["a.b/c"] },
      spec: {
        $setElementOrder: undefined,
        "$setElementOrder/containers": [{ name: "new" }, { name: "main" }],
        containers: [
          { name: "main", image: "a2", env: [{ name: "Y", value: "2" }], ports: [{ containerPort: 81 }] },
          { name: "side", $patch: "delete" },
          { name: "new", image: "c" },
        ],
      },
    };
    const { body } = await patch(`${PODS}/many`, STRATEGIC, changed);
    expect(at(body, "spec/containers")).toEqual([
      { name: "new", image: "c" },
      {
        name: "main",
        image: "a2",
        env: [
          { name: "X", value: "1" },
          { name: "Y", value: "2" },
        ],
        ports: [{ containerPort: 80 }, { containerPort: 81 }],
      },
    ]);
    expect(at(body, "metadata/finalizers")).toEqual(["a.b/c"]);
    const gone = { metadata: { "$deleteFromPrimitiveList/finalizers": ["a.b/c"] } };
    expect((await patch(`${PODS}/many`, STRATEGIC, gone)).body).not.toHaveProperty("metadata.finalizers");
  });

  it("replaces as a whole what it says, and keeps only the keys that it retains", async () => {
    await api.ask("POST", MAPS, configMap("whole", { a: "1", b: "2" }));
    const replaced = await patch(`${MAPS}/whole`, STRATEGIC, { data: { $patch: "replace", c: "3" } });
    expect(at(replaced.body, "data")).toEqual({ c: "3" });
    const retained = await patch(`${MAPS}/whole`, STRATEGIC, { data: { $retainKeys: ["d"], d: "4" } });
    expect(at(retained.body, "data")).toEqual({ d: "4" });
    const noKey = await patch(`${PODS}/many`, STRATEGIC, { spec: { containers: [{ image: "x" }] } });
    expect(noKey).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining("merge key: name") },
    });
  });

  it("is not for custom kinds, as no other unknown type is", async () => {
    await api.ask("POST", WIDGETS, widget("custom"));
    const refused = await patch(`${WIDGETS}/custom`, STRATEGIC, { spec: { size: 2 } });
    expect(refused).toMatchObject({
      status: 415,
      body: {
        reason: "UnsupportedMediaType",
        message:
          "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml",
      },
    });
    expect((await patch(`${MAPS}/whole`, "json", {})).status).toBe(415);
  });
});

describe("server-side apply", () => {
  const apply = (name: string, spec: unknown, query: string) =>
    patch(`${WIDGETS}/${name}?${query}`, "apply-patch+yaml", {
      apiVersion: "example.org/v1",
      kind: "Widget",
      metadata: { name },
      spec,
    });

  it("makes what is not there, and owns what it said", async () => {
    const made = await apply("applied", { size: 2, color: "red" }, "fieldManager=one");
    expect(made.status).toBe(201);
    expect(at(made.body, "metadata/managedFields")).toMatchObject([
      {
        manager: "one",
        operation: "Apply",
        apiVersion: "example.org/v1",
        fieldsType: "FieldsV1",
        fieldsV1: { "f:spec": { "f:size": {}, "f:color": {} } },
      },
    ]);
    const again = await apply("applied", { size: 2, color: "red" }, "fieldManager=one");
    expect(again.status).toBe(200);
    expect(at(again.body, "metadata/resourceVersion")).toBe(at(made.body, "metadata/resourceVersion"));
  });

  it("refuses to take a field from its owner unless forced", async () => {
    await apply("fought", { size: 2 }, "fieldManager=one");
    const refused = await apply("fought", { size: 3 }, "fieldManager=two");
    expect(refused).toMatchObject({
      status: 409,
      body: {
        reason: "Conflict",
        message: 'Apply failed with 1 conflict: conflict with "one" using example.org/v1: .spec.size',
        details: { causes: [{ reason: "FieldManagerConflict", field: ".spec.size" }] },
      },
    });
    const forced = await apply("fought", { size: 3 }, "fieldManager=two&force=true");
    expect(at(forced.body, "spec/size")).toBe(3);
    expect(textAt(forced.body, "metadata/managedFields/0/manager")).toBe("two");
    expect((await apply("fought", { size: 9 }, "fieldManager=one")).status).toBe(409);
  });

  it("gives a field to whoever writes it otherwise", async () => {
    await apply("edited", { size: 2 }, "fieldManager=one");
    await api.ask(
      "PATCH",
      `${WIDGETS}/edited?fieldManager=hand`,
      { spec: { size: 4 } },
      { type: `application/${MERGE}` },
    );
    const refused = await apply("edited", { size: 2 }, "fieldManager=one");
    expect(textAt(refused.body, "message")).toContain(
      'conflict with "hand" using example.org/v1: .spec.size',
    );
  });

  it("drops what its manager no longer says and nobody else holds", async () => {
    const parts = [{ name: "a" }, { name: "b", weight: 2 }];
    await apply("shrunk", { size: 2, color: "red", parts }, "fieldManager=one");
    await apply("shrunk", { size: 2, color: "red" }, "fieldManager=two");
    const { body } = await apply("shrunk", { size: 2, parts: [{ name: "b" }] }, "fieldManager=one");
    expect(at(body, "spec")).toEqual({
      size: 2,
      replicas: 1,
      color: "red",
      parts: [{ name: "b", weight: 1.5 }],
    });
  });

  it("asks for a field manager and for an object that names no owners itself", async () => {
    expect((await apply("nobody", { size: 1 }, "")).body).toMatchObject({
      code: 422,
      message:
        'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    });
    const owned = { ...widget("owned"), metadata: { name: "owned", managedFields: [{ manager: "x" }] } };
    const refused = await patch(`${WIDGETS}/owned?fieldManager=one`, "apply-patch+yaml", owned);
    expect(refused).toMatchObject({ status: 400, body: { message: "metadata.managedFields must be nil" } });
  });
});
