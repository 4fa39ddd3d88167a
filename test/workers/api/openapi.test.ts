import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { routes } from "../../../src/routes.ts";
import { lineOf, optionsOf } from "../guards/fixture.ts";
import { fixtureOf, guarded, tenants } from "../guards/guarded.ts";
import { newTenant } from "../support/tenant.ts";

interface Media {
  readonly schema: Record<string, unknown>;
}
interface Described {
  readonly operationId: string;
  readonly security?: readonly unknown[];
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[];
  readonly requestBody?: { readonly content: Record<string, Media> };
  readonly responses: Record<string, { readonly content: Record<string, Media> }>;
}
interface OpenApi {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Described>>;
  readonly components: { readonly schemas: Record<string, unknown> };
}

let document: OpenApi;
beforeAll(async () => {
  document = (await (await newTenant()).call("GET /openapi.json", { as: null })).body;
});

/** A schema of the document as a check; its references point into the document. */
function checkOf(schema: Record<string, unknown>): z.ZodType {
  const text = JSON.stringify({ ...schema, $defs: document.components.schemas });
  const local = JSON.parse(text.replaceAll("#/components/schemas/", "#/$defs/"), (key, value) =>
    isBeyondZod(key, value) ? undefined : value,
  );
  return z.fromJSONSchema(local);
}

/** Zod reads patterns without the `u` flag and takes a reference for an absolute address. */
const isBeyondZod = (key: string, value: unknown): boolean =>
  (key === "pattern" && String(value).includes("\\p{")) || (key === "format" && value === "uri-reference");

function faultsOf(schema: Record<string, unknown>, value: unknown): unknown[] {
  const parsed = checkOf(schema).safeParse(value);
  return parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
}

const describedAs = (path: string, method: string): Described | undefined =>
  document.paths[path]?.[method.toLowerCase()];

it("describes every route and nothing else, each under a name of its own", () => {
  const listed = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { operationId }]) => `${operationId} ${method.toUpperCase()} ${path}`),
  );
  expect(listed.sort()).toEqual(
    routes.map(({ operation, method, path }) => `${operation.action} ${method} ${path}`).sort(),
  );
  const names = routes.map(({ operation }) => operation.action);
  expect(new Set(names).size).toBe(names.length);
  expect(document.openapi).toMatch(/^3\.1/);
});

it("has every schema that it refers to", () => {
  const refs = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref ?? "");
  expect(refs.length).toBeGreaterThan(50);
  for (const ref of refs) {
    expect(ref).toMatch(/^#\/components\/schemas\//);
    expect(document.components.schemas).toHaveProperty([ref.slice("#/components/schemas/".length)]);
  }
});

describe.each(guarded)("$action", ({ action, route }) => {
  it("takes and gives what the document says", async () => {
    const { mine } = await tenants();
    const described = describedAs(route.path, route.method);
    const call = await fixtureOf(action).prepare(mine);
    const required = described?.parameters.filter((parameter) => parameter.required) ?? [];
    for (const { name, in: place } of required) {
      expect(place === "path" ? call.params : call.query).toHaveProperty(name);
    }
    const takes = described?.requestBody?.content["application/json"]?.schema;
    if (call.json && Object.keys(call.json).length > 0) expect(takes).toBeDefined();
    if (takes && call.json) expect(faultsOf(takes, call.json)).toEqual([]);

    const answer = await mine.call(lineOf(route, call), optionsOf(call));
    expect(answer.status, answer.text).toBe(route.status);
    const gives = described?.responses[answer.status]?.content ?? {};
    const media = (answer.headers.get("content-type") ?? "").split(";")[0] ?? "";
    expect(Object.keys(gives)).toContain(media);
    if (media === "application/json") expect(faultsOf(gives[media]?.schema ?? {}, answer.body)).toEqual([]);
  });

  it("refuses with a problem as the document says", async () => {
    const { mine } = await tenants();
    const described = describedAs(route.path, route.method);
    const answer = await mine.call(lineOf(route, {}), { as: "maru_test_nonsense" });
    const refusals = route.operation.scope === "public" ? ["401", "422"] : ["401"];
    expect(answer.status).toBe(401);
    const said = refusals.flatMap((status) => described?.responses[status] ?? [])[0];
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(faultsOf(said?.content["application/problem+json"]?.schema ?? {}, answer.body)).toEqual([]);
  });
});
