import { actorName } from "../../../kernel/actor-name.ts";
import type { Ctx } from "../../../kernel/context.ts";
import { sha256Hex } from "../../../kernel/hash.ts";
import type { ClusterAnswer, ClusterRequest } from "../../../kernel/ports/clusters.ts";
import { problem } from "../../../kernel/problem.ts";
import { kubeProblem } from "./kube-problem.rules.ts";
import type { KubeList, KubeObject } from "./object.ts";

export type PatchType = "merge" | "json" | "strategic";

const patchTypes: Readonly<Record<PatchType, string>> = {
  merge: "application/merge-patch+json",
  json: "application/json-patch+json",
  strategic: "application/strategic-merge-patch+json",
};

/** How a call is made, beside what it says. */
export interface CallOptions {
  /** Where fields of the object stand in the caller's input, for pointers of refusals: `{"spec.template": "/spec"}`. */
  readonly pointers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly timeoutMs?: number;
  /** Keep a safe write so long when no agent is connected. */
  readonly queueForMs?: number | undefined;
}

/** What the cluster answered to a write. A queued one has no object yet. */
export interface Done<T = KubeObject> {
  readonly commandId: string;
  readonly object: T | undefined;
  readonly queued: boolean;
}

/** The Kubernetes API of a cluster, for one call. Refusals are thrown as problems. */
export interface Kube {
  get(path: string, options?: CallOptions): Promise<KubeObject>;
  find(path: string, options?: CallOptions): Promise<KubeObject | undefined>;
  list(path: string, options?: CallOptions): Promise<KubeList>;
  create(path: string, object: unknown, options?: CallOptions): Promise<Done>;
  replace(path: string, object: unknown, options?: CallOptions): Promise<Done>;
  patch(path: string, type: PatchType, patch: unknown, options?: CallOptions): Promise<Done>;
  remove(path: string, options?: CallOptions & { readonly body?: unknown }): Promise<Done>;
  /** Any other JSON call: subresources, actions, queries behind a service. */
  ask(
    method: ClusterRequest["method"],
    path: string,
    body?: unknown,
    options?: CallOptions,
  ): Promise<Done<unknown>>;
  /** The answer as it comes, for logs, downloads and uploads; refusals are thrown. */
  open(
    request: Pick<ClusterRequest, "method" | "path" | "headers" | "body" | "timeoutMs">,
  ): Promise<ClusterAnswer>;
}

const encoder = new TextEncoder();

const scopeOf = ({ scope }: Ctx) =>
  scope === undefined || scope === "public" || scope === "signed_in" ? {} : { scope };
const mostBytes = 32 * 1024 * 1024;

/** Opens the API of a cluster. The caller has checked that the actor reaches the namespace (`mustReachNamespace`). */
export function kubeOf(ctx: Ctx, clusterId: string): Kube {
  let writes = 0;
  let hashed: Promise<string> | undefined;
  /** The caller's key is theirs for one operation, and each write of that is a command that must not run twice. */
  const keyOfWrite = async () => {
    if (ctx.idempotency === undefined) return {};
    writes += 1;
    const place = writes;
    hashed ??= sha256Hex(`${ctx.action}\n${actorName(ctx.actor)}\n${ctx.idempotency.key}`);
    return { idempotencyKey: `${await hashed}.${place}` };
  };
  const send = async (request: Omit<ClusterRequest, "clusterId" | "operation" | "driver">) =>
    ctx.ports.clusters.call(ctx.tenantId, ctx.actor, {
      clusterId,
      operation: ctx.action,
      ...scopeOf(ctx),
      driver: "kubernetes",
      ...(request.method === "GET" ? {} : await keyOfWrite()),
      ...request,
    });
  const call = async (
    method: ClusterRequest["method"],
    path: string,
    body: unknown,
    contentType: string,
    options: CallOptions = {},
  ): Promise<Done<unknown>> => {
    const at = withQuery(path, options.query);
    const answer = await send({
      method,
      path: at,
      headers: { accept: "application/json", ...(body === undefined ? {} : { "content-type": contentType }) },
      ...(body === undefined ? {} : { body: encoder.encode(JSON.stringify(body)) }),
      ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
      ...(options.queueForMs === undefined ? {} : { queueForMs: options.queueForMs }),
    });
    if (answer.queued) return { commandId: answer.commandId, object: undefined, queued: true };
    const said = await readJson(answer);
    if (answer.status >= 400)
      throw kubeProblem(
        answer.status,
        said,
        { method, path: at, commandId: answer.commandId },
        options.pointers,
      );
    return { commandId: answer.commandId, object: said, queued: false };
  };
  const json = "application/json";
  const get = async (path: string, options?: CallOptions) =>
    (await call("GET", path, undefined, json, options)).object as KubeObject;
  return {
    get,
    async find(path, options) {
      try {
        return await get(path, options);
      } catch (error) {
        if (isUnknown(error)) return undefined;
        throw error;
      }
    },
    list: async (path, options) => (await call("GET", path, undefined, json, options)).object as KubeList,
    create: (path, object, options) => call("POST", path, object, json, options) as Promise<Done>,
    replace: (path, object, options) => call("PUT", path, object, json, options) as Promise<Done>,
    patch: (path, type, patch, options) =>
      call("PATCH", path, patch, patchTypes[type], options) as Promise<Done>,
    remove: (path, options) => call("DELETE", path, options?.body, json, options) as Promise<Done>,
    ask: (method, path, body, options) => call(method, path, body, json, options),
    async open(request) {
      const answer = await send(request);
      if (answer.status < 400) return answer;
      const asked = { method: request.method, path: request.path, commandId: answer.commandId };
      throw kubeProblem(answer.status, await readJson(answer), asked);
    },
  };
}

/** Whether a problem says that the cluster has no such object. */
export function isUnknown(error: unknown): boolean {
  return (
    error instanceof Error &&
    "failure" in error &&
    (error.failure as { code?: string }).code === "harvester.unknown"
  );
}

function withQuery(path: string, query: CallOptions["query"]): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {}))
    if (value !== undefined) search.set(name, String(value));
  const text = search.toString();
  return text === "" ? path : `${path}?${text}`;
}

async function readJson({ body, commandId }: ClusterAnswer): Promise<unknown> {
  const bytes = body instanceof Uint8Array ? body : await readAll(body, commandId);
  const text = new TextDecoder().decode(bytes);
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function readAll(stream: ReadableStream<Uint8Array>, commandId: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of stream as unknown as AsyncIterable<Uint8Array>) {
    size += part.byteLength;
    if (size > mostBytes) {
      throw problem(
        "too_large",
        "harvester.answer_too_large",
        "The cluster's answer is larger than 32 MiB. Ask for a smaller page.",
        {
          data: { commandId },
        },
      );
    }
    parts.push(part);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}
