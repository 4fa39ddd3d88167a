import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Api, at, PODS, pod, startApi, textAt, WIDGETS, widget } from "./start-api.ts";

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.sim.stop());

const create = (name: string, spec: Record<string, unknown>, query = "") =>
  api.ask("POST", `${WIDGETS}${query}`, widget(name, spec));
const causesOf = (body: unknown) => {
  const causes = at(body, "details/causes");
  return Array.isArray(causes) ? causes.map((cause) => `${cause.field} ${cause.reason}`) : [];
};

describe("a structural schema", () => {
  it("prunes what it does not know, keeps what it says to keep, and fills its defaults", async () => {
    const spec = { size: 2, unknown: 1, open: { any: { thing: 1 } }, parts: [{ name: "a", x: 1 }] };
    const { status, headers, body } = await create("pruned", spec);
    expect(status).toBe(201);
    expect(at(body, "spec")).toEqual({
      size: 2,
      replicas: 1,
      open: { any: { thing: 1 } },
      parts: [{ name: "a", weight: 1.5 }],
    });
    expect(headers.get("warning")).toBe(
      '299 - "unknown field \\"spec.unknown\\"", 299 - "unknown field \\"spec.parts[0].x\\""',
    );
  });

  it("refuses unknown fields to those who ask for strictness", async () => {
    const { status, body } = await create("strict", { size: 2, unknown: 1 }, "?fieldValidation=Strict");
    expect(status).toBe(400);
    expect(textAt(body, "message")).toContain('strict decoding error: unknown field "spec.unknown"');
    expect(
      (await create("ignored", { size: 2, unknown: 1 }, "?fieldValidation=Ignore")).headers.get("warning"),
    ).toBeNull();
  });

  it("tells one violation in Kubernetes' words", async () => {
    const { status, body } = await create("wrong", { size: 12 });
    expect(status).toBe(422);
    expect(body).toMatchObject({
      reason: "Invalid",
      message:
        'Widget.example.org "wrong" is invalid: spec.size: Invalid value: 12: spec.size in body should be less than or equal to 9',
      details: { name: "wrong", group: "example.org", kind: "Widget" },
    });
    expect(causesOf(body)).toEqual(["spec.size FieldValueInvalid"]);
  });

  it("tells every violation in the causes", async () => {
    const part = { name: "a" };
    const { body } = await create("bad", {
      size: "2",
      color: "green",
      code: "A",
      amount: true,
      parts: [part, part, { weight: "x" }, part],
    });
    expect(causesOf(body)).toEqual([
      "spec.size FieldValueTypeInvalid",
      "spec.color FieldValueNotSupported",
      "spec.code FieldValueInvalid",
      "spec.amount FieldValueTypeInvalid",
      "spec.parts FieldValueTooMany",
      "spec.parts[1] FieldValueDuplicate",
      "spec.parts[3] FieldValueDuplicate",
      "spec.parts[2].name FieldValueRequired",
      "spec.parts[2].weight FieldValueTypeInvalid",
    ]);
    expect(textAt(body, "message")).toContain(
      'spec.color: Unsupported value: "green": supported values: "red", "blue"',
    );
    const { body: none } = await api.ask("POST", WIDGETS, { ...widget("none"), spec: undefined });
    expect(causesOf(none)).toEqual(["spec FieldValueRequired"]);
  });

  it("holds updates and patches to the same", async () => {
    await create("later", { size: 2 });
    const patched = await api.ask(
      "PATCH",
      `${WIDGETS}/later`,
      { spec: { size: 0 } },
      { type: "application/merge-patch+json" },
    );
    expect(patched.status).toBe(422);
  });

  it("knows what a pod, a claim and a role must have", async () => {
    expect(
      causesOf((await api.ask("POST", PODS, { ...pod("empty"), spec: { containers: [] } })).body),
    ).toEqual(["spec.containers FieldValueInvalid"]);
    const claim = {
      kind: "PersistentVolumeClaim",
      metadata: { name: "c" },
      spec: { accessModes: ["Sometimes"] },
    };
    const claims = "/api/v1/namespaces/default/persistentvolumeclaims";
    expect(causesOf((await api.ask("POST", claims, claim)).body)).toEqual([
      "spec.resources FieldValueRequired",
      "spec.accessModes[0] FieldValueNotSupported",
    ]);
  });
});

describe("subresources", () => {
  it("keep spec and status apart", async () => {
    const made = await api.ask("POST", WIDGETS, { ...widget("halves"), status: { phase: "Lied" } });
    expect(made.body).not.toHaveProperty("status");
    const told = { ...Object(made.body), spec: { size: 9 }, status: { phase: "Ready", odd: 1 } };
    const { body } = await api.ask("PUT", `${WIDGETS}/halves/status`, told);
    expect(body).toMatchObject({
      spec: { size: 3 },
      status: { phase: "Ready" },
      metadata: { generation: 1 },
    });
    expect(body).not.toHaveProperty("status.odd");
    const mixed = { ...Object(body), spec: { size: 5 }, status: { phase: "Gone" } };
    expect((await api.ask("PUT", `${WIDGETS}/halves`, mixed)).body).toMatchObject({
      spec: { size: 5 },
      status: { phase: "Ready" },
    });
    expect((await api.ask("PUT", `${WIDGETS}/halves/nothing`, mixed)).status).toBe(404);
  });

  it("scale what has replicas", async () => {
    await create("scaled", { size: 1, replicas: 2 });
    const { body: scale } = await api.ask("GET", `${WIDGETS}/scaled/scale`);
    expect(scale).toMatchObject({ kind: "Scale", apiVersion: "autoscaling/v1", spec: { replicas: 2 } });
    await api.ask("PUT", `${WIDGETS}/scaled/scale`, { ...Object(scale), spec: { replicas: 5 } });
    await api.ask(
      "PATCH",
      `${WIDGETS}/scaled/scale`,
      { spec: { replicas: 7 } },
      { type: "application/merge-patch+json" },
    );
    expect((await api.ask("GET", `${WIDGETS}/scaled`)).body).toMatchObject({
      spec: { replicas: 7, size: 1 },
    });
    const stale = await api.ask("PUT", `${WIDGETS}/scaled/scale`, scale);
    expect(stale.status).toBe(409);
    expect((await api.ask("PUT", `${WIDGETS}/scaled/scale`, { spec: { replicas: -1 } })).status).toBe(400);
  });

  it("bind and evict pods", async () => {
    await api.ask("POST", PODS, pod("placed"));
    const binding = { kind: "Binding", target: { kind: "Node", name: "n1" } };
    expect((await api.ask("POST", `${PODS}/placed/binding`, binding)).status).toBe(201);
    expect((await api.ask("GET", `${PODS}/placed`)).body).toMatchObject({ spec: { nodeName: "n1" } });
    expect((await api.ask("POST", `${PODS}/placed/binding`, binding)).status).toBe(409);
    const eviction = {
      kind: "Eviction",
      metadata: { name: "placed" },
      deleteOptions: { gracePeriodSeconds: 0 },
    };
    expect((await api.ask("POST", `${PODS}/placed/eviction`, eviction)).status).toBe(201);
    expect((await api.ask("GET", `${PODS}/placed`)).status).toBe(404);
  });
});
