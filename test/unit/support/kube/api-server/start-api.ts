import { createSimulator } from "../../../../support/kube/create-simulator.ts";
import type {
  Column,
  Extension,
  Kind,
  Simulator,
  SimulatorOptions,
  User,
} from "../../../../support/kube/words.ts";

export const TOKENS = {
  admin: { name: "admin", groups: ["system:masters"] },
  vera: { name: "vera", groups: ["viewers"] },
} satisfies Record<string, User>;

const columns: readonly Column[] = [{ name: "Size", type: "integer", path: "spec.size" }];

/** A custom kind with a schema that prunes, fills and refuses. */
export const widgets: Kind = {
  group: "example.org",
  version: "v1",
  kind: "Widget",
  plural: "widgets",
  singular: "widget",
  shortNames: ["wd"],
  namespaced: true,
  builtIn: false,
  subresources: ["status", "scale"],
  columns,
  schema: {
    type: "object",
    required: ["spec"],
    properties: {
      spec: {
        type: "object",
        required: ["size"],
        properties: {
          size: { type: "integer", minimum: 1, maximum: 9 },
          replicas: { type: "integer", default: 1 },
          color: { type: "string", enum: ["red", "blue"] },
          code: { type: "string", pattern: "^[a-z]+$", maxLength: 5 },
          amount: { "x-kubernetes-int-or-string": true },
          open: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
          parts: {
            type: "array",
            maxItems: 3,
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": ["name"],
            items: {
              type: "object",
              required: ["name"],
              properties: { name: { type: "string" }, weight: { type: "number", default: 1.5 } },
            },
          },
        },
      },
      status: { type: "object", properties: { phase: { type: "string" }, replicas: { type: "integer" } } },
    },
  },
};

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export interface WatchLine {
  readonly type: string;
  readonly object: unknown;
}

export interface Api {
  readonly sim: Simulator;
  ask(
    method: string,
    path: string,
    body?: unknown,
    options?: { token?: string; type?: string; accept?: string; agent?: string },
  ): Promise<Answer>;
  /** The lines of a watch as they come; `stop` lets go of it. */
  watch(path: string): Promise<{ next(): Promise<WatchLine | undefined>; stop(): void }>;
}

/** A simulated cluster with the widgets, and a plain way to talk to it. */
export async function startApi(
  options: Partial<SimulatorOptions> = {},
  extension: Extension = {},
): Promise<Api> {
  const sim = await createSimulator({
    tokens: TOKENS,
    clock: "virtual",
    ...options,
    extensions: [{ kinds: [widgets] }, extension],
  });
  return {
    sim,
    async ask(method, path, body, { token = "admin", type = "application/json", accept, agent } = {}) {
      const response = await fetch(`${sim.url}${path}`, {
        method,
        headers: {
          ...(token ? { authorization: `Bearer ${token}` } : {}),
          ...(body === undefined ? {} : { "content-type": type }),
          ...(accept ? { accept } : {}),
          ...(agent ? { "user-agent": agent } : {}),
        },
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = response.headers.get("content-type")?.includes("json");
      return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
    },
    async watch(path) {
      const leaving = new AbortController();
      const response = await fetch(`${sim.url}${path}`, {
        headers: { authorization: "Bearer admin" },
        signal: leaving.signal,
      });
      const lines = linesOf(response);
      return {
        async next() {
          const { value, done } = await lines.next();
          return done ? undefined : (JSON.parse(value) as WatchLine);
        },
        stop: () => leaving.abort(),
      };
    },
  };
}

/** What stands at a path of fields and indices; undefined where nothing does. */
export function at(value: unknown, path: string): unknown {
  return path
    .split("/")
    .reduce<unknown>((inner, step) => (inner === null ? undefined : Object(inner)[step]), value);
}

export function textAt(value: unknown, path: string): string {
  return String(at(value, path));
}

export function namesIn(list: unknown): string[] {
  const items = at(list, "items");
  return Array.isArray(items) ? items.map((item) => textAt(item, "metadata/name")) : [];
}

/** The text of an answer, line by line. */
export async function* linesOf(response: Response): AsyncGenerator<string, undefined> {
  let rest = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = parts.pop() ?? "";
    yield* parts;
  }
  return undefined;
}

export function configMap(name: string, data: Record<string, string> = {}, labels?: Record<string, string>) {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, ...(labels ? { labels } : {}) }, data };
}

export function widget(name: string, spec: Record<string, unknown> = { size: 3 }) {
  return { apiVersion: "example.org/v1", kind: "Widget", metadata: { name }, spec };
}

export const MAPS = "/api/v1/namespaces/default/configmaps";
export const WIDGETS = "/apis/example.org/v1/namespaces/default/widgets";
export const PODS = "/api/v1/namespaces/default/pods";

export function pod(name: string, spec: Record<string, unknown> = {}) {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name },
    spec: { containers: [{ name: "main", image: "busybox" }], ...spec },
  };
}
