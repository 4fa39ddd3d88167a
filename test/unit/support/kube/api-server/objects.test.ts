import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Api, at, configMap, MAPS, namesIn, startApi, textAt, WIDGETS, widget } from "./start-api.ts";

let api: Api;
beforeAll(async () => {
  api = await startApi({ startAt: "2026-03-01T00:00:00Z" });
});
afterAll(() => api.sim.stop());

const MODIFIED =
  'Operation cannot be fulfilled on configmaps "locked": the object has been modified; please apply your changes to the latest version and try again';

describe("what is stored", () => {
  it("gives a new object its uid, instant and revision, whatever its author says", async () => {
    const wished = { ...configMap("born"), metadata: { name: "born", uid: "mine", resourceVersion: "7" } };
    const { status, body } = await api.ask("POST", MAPS, wished);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      metadata: { name: "born", namespace: "default", creationTimestamp: "2026-03-01T00:00:00Z" },
    });
    expect(textAt(body, "metadata/uid")).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab]/);
    const second = await api.ask("POST", MAPS, configMap("born-later"));
    expect(Number(at(second.body, "metadata/resourceVersion"))).toBe(
      Number(at(body, "metadata/resourceVersion")) + 1,
    );
  });

  it("invents a name from generateName", async () => {
    const { body } = await api.ask("POST", MAPS, { ...configMap(""), metadata: { generateName: "made-" } });
    expect(textAt(body, "metadata/name")).toMatch(/^made-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  });

  it("counts a generation only when what is wanted changes", async () => {
    const made = await api.ask("POST", WIDGETS, widget("counted"));
    expect(made.body).toMatchObject({ metadata: { generation: 1 } });
    const relabelled = {
      ...Object(made.body),
      metadata: { ...Object(at(made.body, "metadata")), labels: { a: "b" } },
    };
    const labelled = await api.ask("PUT", `${WIDGETS}/counted`, relabelled);
    expect(labelled.body).toMatchObject({ metadata: { generation: 1 } });
    const resized = { ...Object(labelled.body), spec: { size: 4 } };
    expect((await api.ask("PUT", `${WIDGETS}/counted`, resized)).body).toMatchObject({
      metadata: { generation: 2 },
    });
  });

  it("makes no new revision of a write that changes nothing", async () => {
    const made = await api.ask("POST", MAPS, configMap("still", { a: "1" }));
    const again = await api.ask("PUT", `${MAPS}/still`, made.body);
    expect(at(again.body, "metadata/resourceVersion")).toBe(at(made.body, "metadata/resourceVersion"));
  });

  it("writes nothing on a dry run, but says what it would", async () => {
    const before = api.sim.world.store.revision();
    const { status, body } = await api.ask("POST", `${MAPS}?dryRun=All`, configMap("dry"));
    expect({ status, name: at(body, "metadata/name") }).toEqual({ status: 201, name: "dry" });
    expect((await api.ask("DELETE", `${MAPS}/still?dryRun=All`)).status).toBe(200);
    expect((await api.ask("PUT", `${MAPS}/still?dryRun=All`, configMap("still", { a: "2" }))).status).toBe(
      200,
    );
    expect(api.sim.world.store.revision()).toBe(before);
    expect((await api.ask("POST", `${MAPS}?dryRun=Some`, configMap("dry"))).status).toBe(400);
  });

  it("keeps Secrets as base64 however they were written", async () => {
    const secret = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "s" },
      stringData: { word: "open" },
    };
    const { body } = await api.ask("POST", "/api/v1/namespaces/default/secrets", secret);
    expect(body).toMatchObject({ type: "Opaque", data: { word: "b3Blbg==" } });
    expect(body).not.toHaveProperty("stringData");
  });
});

describe("the optimistic lock", () => {
  it("refuses a replacement of an older revision, and takes one that names none", async () => {
    const first = await api.ask("POST", MAPS, configMap("locked", { a: "1" }));
    await api.ask("PUT", `${MAPS}/locked`, { ...Object(first.body), data: { a: "2" } });
    const late = await api.ask("PUT", `${MAPS}/locked`, { ...Object(first.body), data: { a: "3" } });
    expect(late).toMatchObject({
      status: 409,
      body: {
        kind: "Status",
        reason: "Conflict",
        message: MODIFIED,
        details: { name: "locked", kind: "configmaps" },
      },
    });
    const blind = await api.ask("PUT", `${MAPS}/locked`, configMap("locked", { a: "4" }));
    expect(blind).toMatchObject({ status: 200, body: { data: { a: "4" } } });
  });

  it("demands the revision for custom objects, as Kubernetes does", async () => {
    await api.ask("POST", WIDGETS, widget("blind"));
    const { status, body } = await api.ask("PUT", `${WIDGETS}/blind`, widget("blind", { size: 5 }));
    expect(status).toBe(422);
    expect(textAt(body, "message")).toBe(
      'Widget.example.org "blind" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
    );
  });

  it("refuses a second object of the same name, another uid, and another name than the path's", async () => {
    await api.ask("POST", MAPS, configMap("one"));
    const twice = await api.ask("POST", MAPS, configMap("one"));
    expect(twice).toMatchObject({
      status: 409,
      body: { reason: "AlreadyExists", message: 'configmaps "one" already exists' },
    });
    const other = { ...configMap("one"), metadata: { name: "one", uid: "another" } };
    expect(textAt((await api.ask("PUT", `${MAPS}/one`, other)).body, "message")).toContain(
      "Precondition failed: UID in precondition: another",
    );
    expect((await api.ask("PUT", `${MAPS}/one`, configMap("two"))).body).toMatchObject({
      code: 400,
      message: "the name of the object (two) does not match the name on the URL (one)",
    });
  });
});

describe("refusals", () => {
  it("says what is not there in Kubernetes' words", async () => {
    expect(await api.ask("GET", "/api/v1/namespaces/default/pods/x")).toMatchObject({
      status: 404,
      body: { reason: "NotFound", message: 'pods "x" not found', details: { name: "x", kind: "pods" } },
    });
    expect((await api.ask("GET", `${WIDGETS}/x`)).body).toMatchObject({
      message: 'widgets.example.org "x" not found',
      details: { group: "example.org" },
    });
    expect((await api.ask("GET", "/apis/example.org/v1/gadgets")).body).toMatchObject({
      code: 404,
      message: "the server could not find the requested resource",
    });
    const nowhere = "/api/v1/namespaces/nowhere/configmaps";
    expect((await api.ask("POST", nowhere, configMap("a"))).body).toMatchObject({
      code: 404,
      message: 'namespaces "nowhere" not found',
    });
  });

  it("refuses methods, bodies, types and names that make no sense", async () => {
    expect((await api.ask("POST", `${MAPS}/a`, configMap("a"))).status).toBe(405);
    expect((await api.ask("POST", MAPS, "{")).status).toBe(400);
    expect((await api.ask("POST", MAPS, "x", { type: "text/plain" })).status).toBe(415);
    expect((await api.ask("GET", MAPS, undefined, { accept: "text/html" })).status).toBe(406);
    expect((await api.ask("GET", "/api/v1/namespaces/%zz/pods")).status).toBe(404);
    const big = await api.ask("POST", MAPS, configMap("big", { a: "x".repeat(3 * 1024 * 1024) }));
    expect(big).toMatchObject({ status: 413, body: { reason: "RequestEntityTooLarge" } });
    const upper = await api.ask("POST", MAPS, configMap("UPPER"));
    expect(upper).toMatchObject({ status: 422, body: { details: { causes: [{ field: "metadata.name" }] } } });
    expect((await api.ask("POST", MAPS, { ...configMap("a"), kind: "Pod" })).status).toBe(400);
    expect((await api.ask("POST", MAPS, { ...configMap("a"), apiVersion: "v2" })).status).toBe(400);
    expect((await api.ask("POST", WIDGETS, { metadata: { name: "a" } })).body).toMatchObject({ code: 400 });
  });

  it("takes YAML as well as JSON", async () => {
    const yaml = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: from-yaml\ndata:\n  a: b\n";
    const made = await api.ask("POST", MAPS, yaml, { type: "application/yaml" });
    expect(made).toMatchObject({ status: 201, body: { data: { a: "b" } } });
  });
});

describe("selectors", () => {
  it("selects by labels and by the fields that Kubernetes indexes", async () => {
    const home = "/api/v1/namespaces/selected/configmaps";
    await api.ask("POST", "/api/v1/namespaces", { kind: "Namespace", metadata: { name: "selected" } });
    await api.ask("POST", home, configMap("a", {}, { app: "x", tier: "1" }));
    await api.ask("POST", home, configMap("b", {}, { app: "y" }));
    await api.ask("POST", home, configMap("c"));
    const chosen = async (query: string) => namesIn((await api.ask("GET", `${home}?${query}`)).body).join("");
    const byLabel = (text: string) => chosen(`labelSelector=${encodeURIComponent(text)}`);
    expect(await byLabel("app=x")).toBe("a");
    expect(await byLabel("app!=x")).toBe("bc");
    expect(await byLabel("app in (x, y),!tier")).toBe("b");
    expect(await byLabel("app notin (x)")).toBe("bc");
    expect(await byLabel("app")).toBe("ab");
    expect(await chosen("fieldSelector=metadata.name!=b")).toBe("ac");
    expect((await api.ask("GET", `${home}?fieldSelector=data.a=1`)).body).toMatchObject({
      code: 400,
      message: expect.stringContaining("field label not supported: data.a"),
    });
    expect((await api.ask("GET", `${home}?labelSelector=%3D%3D`)).status).toBe(400);
  });
});
