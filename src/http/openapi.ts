import * as z from "zod";
import { problems } from "../kernel/problem.ts";
import type { Route } from "./route.ts";

type JsonObject = Record<string, unknown>;

const problemSchema: JsonObject = {
  type: "object",
  required: ["type", "title", "status", "detail", "instance", "code", "requestId", "retryable", "errors"],
  properties: {
    type: { type: "string", format: "uri-reference" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string" },
    instance: { type: "string" },
    code: { type: "string", description: "Stable for machines, `module.reason`." },
    requestId: { type: "string" },
    retryable: { type: "boolean" },
    errors: {
      type: "array",
      items: {
        type: "object",
        required: ["pointer", "code", "message"],
        properties: {
          pointer: {
            type: "string",
            description: "RFC 6901 pointer into the body, or /query/x, /path/x, /header/x.",
          },
          code: { type: "string" },
          message: { type: "string" },
        },
      },
    },
    data: { type: "object" },
  },
};

/** OpenAPI 3.1 of a list of routes; named models (`meta({ id })`) become components. */
export function openApiDocument(
  routes: readonly Route[],
  info: { title: string; version: string; description: string },
) {
  const components: Record<string, unknown> = { Problem: problemSchema };
  const paths: Record<string, JsonObject> = {};
  for (const route of routes) {
    const item = paths[route.path] ?? {};
    paths[route.path] = item;
    item[route.method.toLowerCase()] = describe(route, components);
  }
  return {
    openapi: "3.1.0",
    info: { ...info, license: { name: "Apache-2.0", identifier: "Apache-2.0" } },
    servers: [{ url: "/" }],
    tags: [...new Set(routes.map(tagOf))].map((name) => ({ name })),
    security: [{ bearer: [] }],
    paths,
    components: {
      schemas: components,
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer", description: "An API key or an access token." },
      },
    },
  };
}

const tagOf = (route: Route): string => route.operation.action.split(".")[0] ?? "";

function describe(route: Route, components: Record<string, unknown>): JsonObject {
  const { operation } = route;
  const input = schemaOf(operation.input, "input", components);
  const properties = (input.properties ?? {}) as Record<string, JsonObject>;
  const required = (input.required ?? []) as string[];
  const inPath = route.params;
  const others = Object.keys(properties).filter((name) => !inPath.includes(name));
  const parameters: JsonObject[] = inPath.map((name) => ({
    name,
    in: "path",
    required: true,
    schema: properties[name] ?? { type: "string" },
  }));
  if (route.rest === "query") {
    for (const name of others) {
      parameters.push({ name, in: "query", required: required.includes(name), schema: properties[name] });
    }
  }
  if (operation.effect === "write") {
    parameters.push({
      name: "Idempotency-Key",
      in: "header",
      required: false,
      schema: { type: "string", maxLength: 255 },
    });
  }
  if (operation.version && route.method !== "GET") {
    parameters.push({ name: "If-Match", in: "header", required: false, schema: { type: "string" } });
  }
  return {
    operationId: operation.action,
    summary: operation.summary,
    tags: [tagOf(route)],
    ...(operation.scope === "public" ? { security: [] } : {}),
    "x-scope": operation.scope,
    "x-effect": operation.effect,
    parameters,
    ...bodyOf(route, others, properties, required),
    responses: {
      [route.status]: answerOf(route, components),
      ...Object.fromEntries(failuresOf(route).map((status) => [status, failure])),
    },
  };
}

const failure = {
  description: "A problem",
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
};

function bodyOf(
  route: Route,
  others: string[],
  properties: Record<string, JsonObject>,
  required: string[],
): JsonObject {
  const { takes } = route.operation;
  if (takes) {
    const content = Object.fromEntries(
      takes.mediaTypes.map((type) => [type, { schema: { type: "string", format: "binary" } }]),
    );
    return { requestBody: { required: true, content } };
  }
  if (route.rest === "query" || others.length === 0) return {};
  const schema = {
    type: "object",
    properties: Object.fromEntries(others.map((name) => [name, properties[name]])),
    required: required.filter((name) => others.includes(name)),
    additionalProperties: false,
  };
  return {
    requestBody: { required: schema.required.length > 0, content: { "application/json": { schema } } },
  };
}

function answerOf(route: Route, components: Record<string, unknown>): JsonObject {
  const { gives, output } = route.operation;
  if (gives) {
    return {
      description: "A stream",
      content: Object.fromEntries(gives.map((type) => [type, { schema: { type: "string" } }])),
    };
  }
  return {
    description: "Done",
    content: { "application/json": { schema: schemaOf(output, "output", components) } },
  };
}

function failuresOf(route: Route): number[] {
  const kinds = new Set(route.operation.raises.map((kind) => problems[kind].status));
  for (const status of [400, 422, 429, 500]) kinds.add(status);
  if (route.operation.scope !== "public") for (const status of [401, 403]) kinds.add(status);
  return [...kinds].sort((a, b) => a - b);
}

function schemaOf(
  schema: z.ZodType,
  io: "input" | "output",
  components: Record<string, unknown>,
): JsonObject {
  const { $schema: _, $defs, ...json } = z.toJSONSchema(schema, { io, unrepresentable: "any" }) as JsonObject;
  const hoisted = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(hoisted);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [
        key,
        key === "$ref" && typeof member === "string"
          ? member.replace("#/$defs/", "#/components/schemas/")
          : hoisted(member),
      ]),
    );
  };
  for (const [name, definition] of Object.entries(($defs ?? {}) as JsonObject))
    components[name] ??= hoisted(definition);
  const id = (schema.meta() as { id?: string } | undefined)?.id;
  if (id !== undefined && io === "output") {
    components[id] ??= hoisted(json);
    return { $ref: `#/components/schemas/${id}` };
  }
  return hoisted(json) as JsonObject;
}
