import { env, exports } from "cloudflare:workers";
import { expect } from "vitest";
import { newId } from "../../../src/kernel/ids.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read bodies of every shape.
  readonly body: any;
}

export interface ApiOptions {
  /** The bearer credential; null sends none. The tenant's admin key when absent. */
  readonly as?: string | null;
  readonly json?: unknown;
  readonly file?: string | Uint8Array<ArrayBuffer>;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const fetcher = exports as unknown as { default: { fetch(request: Request): Promise<Response> } };
const bootstrapToken = String((env as { MARU_BOOTSTRAP_TOKEN?: string }).MARU_BOOTSTRAP_TOKEN);

async function send(credential: string | null, call: string, options: ApiOptions): Promise<Answer> {
  const [method = "GET", path = "/"] = call.split(" ");
  const { json, file, type, as = credential } = options;
  const headers = new Headers(options.headers);
  if (as !== null) headers.set("authorization", `Bearer ${as}`);
  if (json !== undefined) headers.set("content-type", "application/json");
  if (file !== undefined) headers.set("content-type", type ?? "application/x-ndjson");
  const body = file ?? (json === undefined ? null : JSON.stringify(json));
  const response = await fetcher.default.fetch(
    new Request(`https://maru.test${path}`, { method, headers, body }),
  );
  const text = await response.text();
  const isJson = /[/+]json(?:;|$)/.test(response.headers.get("content-type") ?? "");
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : null };
}

/** A tenant of its own, made by the bootstrap operation; `call("POST /v1/things", …)` goes through the whole Worker. */
export async function newTenant() {
  const made = await send(bootstrapToken, "POST /v1/tenants:bootstrap", {
    json: {
      tenant: { slug: newId("t", Date.now()).replace("_", "-"), name: "Test" },
      admin: { email: "admin@example.com", name: "Admin", password: crypto.randomUUID() },
      apiKey: { name: "admin" },
    },
  });
  expect(made.status, made.text).toBe(201);
  const adminKey: string = made.body.apiKey.key;
  return {
    tenantId: made.body.tenant.id as string,
    projectId: made.body.project.id as string,
    call: (call: string, options: ApiOptions = {}) => send(adminKey, call, options),
    /** Another key of the tenant with these scopes, held to these projects. */
    async key(scopes: readonly string[], projectIds?: readonly string[]): Promise<string> {
      const created = await send(adminKey, "POST /v1/keys", {
        json: { name: "k", scopes, ...(projectIds ? { projectIds } : {}) },
      });
      expect(created.status, created.text).toBe(201);
      return created.body.key;
    },
  };
}

/** The status, code and fields of a problem. */
export function problemOf({ status, body }: Answer) {
  const errors: { pointer: string; code: string }[] = body.errors;
  return { status, code: body.code, fields: errors.map(({ pointer, code }) => `${pointer} ${code}`) };
}
