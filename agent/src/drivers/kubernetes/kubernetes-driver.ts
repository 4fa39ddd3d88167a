import type { IncomingMessage } from "node:http";
import WebSocket from "ws";
import type { Command } from "../../../../contracts/relay/command.ts";
import { writesAddon } from "../../policy/addon-body.rules.ts";
import { formatPath, type ParsedPath } from "../../policy/path.rules.ts";
import { describe, opensSocket } from "../../policy/policy.rules.ts";
import type { Policy } from "../../policy/policy.ts";
import type { PolicyRequest } from "../../policy/request.ts";
import { isStevePath } from "../../policy/steve-request.rules.ts";
import { type BodyFilter, documentFilter, lineFilter } from "../../redaction/json-stream.ts";
import {
  type Driver,
  type DriverAnswer,
  type DriverCall,
  DriverFailure,
  type DriverSocket,
  type Permission,
  type SocketTaker,
} from "../driver.ts";
import { openSocket } from "../socket.ts";
import { bodyOf, keptHeaders, sentHeaders, Upstream } from "../upstream.ts";
import { judgeCommand, readCommand } from "./command-policy.rules.ts";
import type { ClusterAccess } from "./kubeconfig.ts";

const userAgent = "maru-agent";

/** The cluster's own API, in Kubernetes' and in Harvester's dialect, within the agent's policy and without secrets in its answers. */
export class KubernetesDriver implements Driver {
  readonly name = "kubernetes";
  readonly #access: ClusterAccess;
  readonly #policy: Policy;
  readonly #upstream: Upstream;
  readonly #harvester: Upstream;

  /** `harvester`: where `/v1/harvester` is served, when that is not the server of the Kubernetes API. */
  constructor(
    access: ClusterAccess,
    policy: Policy,
    harvester?: { readonly url: URL; readonly ca?: string },
  ) {
    this.#access = access;
    this.#policy = policy;
    const { url, ca, cert, key, servername } = access;
    const tls = {
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      ...(servername === undefined ? {} : { servername }),
    };
    this.#upstream = new Upstream({ url, tls, caSetting: `certificate-authority-data in ${access.source}` });
    this.#harvester =
      harvester === undefined
        ? this.#upstream
        : new Upstream({
            url: harvester.url,
            tls: harvester.ca === undefined ? {} : { ca: harvester.ca },
            caSetting: "kubernetes.harvester.caFile in agent.yaml",
          });
  }

  get policy(): Policy {
    return this.#policy;
  }

  judge(command: Command): Permission {
    return judgeCommand(this.#policy, command);
  }

  async call({ command, body, streams, sink, signal }: DriverCall): Promise<DriverAnswer> {
    const read = readCommand(this.#policy, command);
    if (!read.ok) throw new DriverFailure("policy_refused", read.detail);
    const { path, request, answer } = read;
    if (!answer.allowed) throw new DriverFailure(answer.code, answer.detail);
    if (answer.label !== undefined) await this.#mustCarry(answer.label, request, path, signal);
    const isSteve = isStevePath(path);
    const incoming = await (isSteve ? this.#harvester : this.#upstream).send({
      method: command.verb,
      // Rancher serves the Kubernetes API below /k8s/clusters/…, and Harvester's own at the root.
      path: isSteve ? formatPath(path) : this.#full(formatPath(path)),
      headers: this.#headers(command, request),
      ...(streams
        ? { sink }
        : { body: answer.label === undefined && !writesAddon(request) ? body : inOneReading(body) }),
      signal,
    });
    return this.#answer(incoming, command, request);
  }

  #full(path: string): string {
    const base = this.#access.url.pathname.replace(/\/+$/, "");
    return base + path;
  }

  #headers(command: Command, request: PolicyRequest): Record<string, string> {
    const headers = sentHeaders(command.headers);
    const asTable = headers["accept"]?.includes("as=Table") === true;
    const isProxy =
      request.kind === "resource" && (request.subresource === "proxy" || request.subresource === "log");
    // Only what the filter can read may come back: no protobuf, no YAML, nothing compressed.
    headers["accept"] = isProxy
      ? (headers["accept"] ?? "*/*")
      : asTable
        ? "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"
        : "application/json, text/plain, */*;q=0.1";
    headers["accept-encoding"] = "identity";
    return { ...headers, ...this.#credentials() };
  }

  #credentials(): Record<string, string> {
    const token = this.#access.token();
    return { "user-agent": userAgent, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
  }

  #answer(incoming: IncomingMessage, command: Command, request: PolicyRequest): DriverAnswer {
    const type = (incoming.headers["content-type"] ?? "").toLowerCase();
    const isUnreadable =
      /protobuf|yaml|cbor/.test(type) || incoming.headers["content-encoding"] !== undefined;
    if (isUnreadable || (!/json/.test(type) && givesObjects(incoming, command, request))) {
      incoming.destroy();
      const detail = `The cluster answered as ${type || "an unnamed type"}, in which the agent can't look for secrets.`;
      throw new DriverFailure("upstream_broken", detail, command.verb === "GET" ? "no" : "yes");
    }
    const filter = /json/.test(type) && command.verb !== "HEAD" ? filterOf(request) : undefined;
    const sub = request.kind === "resource" ? request.subresource : "";
    const lasts =
      request.kind === "resource" &&
      (request.verb === "watch" || (sub === "log" && /[?&]follow=(?!false|0)/.test(command.path)));
    return {
      status: incoming.statusCode ?? 502,
      headers: keptHeaders(incoming, filter === undefined),
      body: bodyOf(incoming, (error) => {
        const what = error instanceof Error ? error.message : String(error);
        return new DriverFailure("upstream_broken", `The cluster's answer broke off: ${what}`, "yes");
      }),
      lasts,
      ...(filter === undefined ? {} : { filter }),
    };
  }

  /** @throws DriverFailure unless the object in the cluster carries the label. */
  async #mustCarry(
    label: string,
    request: PolicyRequest,
    path: ParsedPath,
    signal: AbortSignal,
  ): Promise<void> {
    if (request.kind !== "resource" || request.name === undefined || request.verb === "create") return;
    const found = await this.read(formatPath({ segments: path.segments, query: new Map() }), signal);
    if (found.status === 404) return;
    const object = found.body as { metadata?: { labels?: Record<string, unknown> } } | undefined;
    if (object?.metadata?.labels?.[label] === undefined) {
      throw new DriverFailure(
        "policy_refused",
        `The agent changes only objects with the label ${label} here.`,
      );
    }
  }

  /** A read of the agent's own, past policy and filter: its answer does not leave the agent as it is. @throws DriverFailure */
  async read(
    path: string,
    signal: AbortSignal,
  ): Promise<{ readonly status: number; readonly body: unknown }> {
    const incoming = await this.stream(path, signal);
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part);
    return { status: incoming.statusCode ?? 502, body: readJson(Buffer.concat(parts).toString("utf8")) };
  }

  /** The same as it comes, for a watch. @throws DriverFailure */
  stream(path: string, signal: AbortSignal): Promise<IncomingMessage> {
    const headers = { accept: "application/json", "accept-encoding": "identity", ...this.#credentials() };
    return this.#upstream.send({ method: "GET", path: this.#full(path), headers, signal });
  }

  /** A question that changes nothing: a review of the agent's own rights. @throws DriverFailure */
  async review(
    path: string,
    object: unknown,
    signal: AbortSignal,
  ): Promise<{ readonly status: number; readonly body: unknown }> {
    const headers = {
      accept: "application/json",
      "content-type": "application/json",
      ...this.#credentials(),
    };
    const body = new TextEncoder().encode(JSON.stringify(object));
    const incoming = await this.#upstream.send({
      method: "POST",
      path: this.#full(path),
      headers,
      body,
      signal,
    });
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part);
    return { status: incoming.statusCode ?? 502, body: readJson(Buffer.concat(parts).toString("utf8")) };
  }

  async open(command: Command, taker: SocketTaker, signal: AbortSignal): Promise<DriverSocket> {
    const read = readCommand(this.#policy, command);
    if (!read.ok) throw new DriverFailure("policy_refused", read.detail);
    if (!read.answer.allowed) throw new DriverFailure(read.answer.code, read.answer.detail);
    if (!opensSocket(read.request)) {
      // The API server gives watches and logs on WebSockets too, past the filter.
      throw new DriverFailure("policy_refused", `${describe(read.request)} is not opened as a WebSocket.`);
    }
    const url = new URL(this.#full(formatPath(read.path)), this.#access.url);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const protocols =
      command.headers["sec-websocket-protocol"]?.split(/\s*,\s*/).filter(isPlainProtocol) ?? [];
    const { ca, cert, key, servername } = this.#access;
    const socket = new WebSocket(url, protocols.length === 0 ? ["plain.kubevirt.io"] : protocols, {
      headers: this.#credentials(),
      perMessageDeflate: false,
      maxPayload: 1024 * 1024,
      handshakeTimeout: 10_000,
      ca,
      cert,
      key,
      ...(servername === undefined ? {} : { servername }),
    } as WebSocket.ClientOptions);
    return openSocket(socket, taker, signal, (error) => this.#upstream.explain(error, false, signal));
  }

  async check(): Promise<{ reachable: boolean; detail: string }> {
    try {
      const { status, body } = await this.read("/version", AbortSignal.timeout(5000));
      const version = (body as { gitVersion?: unknown } | undefined)?.gitVersion;
      if (status === 200) return { reachable: true, detail: `Kubernetes ${String(version ?? "")}` };
      return {
        reachable: status < 500,
        detail: `${this.#access.url.origin} answered ${status} to /version.`,
      };
    } catch (error) {
      return { reachable: false, detail: error instanceof Error ? error.message : String(error) };
    }
  }

  async close(): Promise<void> {
    this.#upstream.close();
    this.#harvester.close();
  }
}

// Bearer tokens travel as subprotocols in browsers; the agent's own credentials are the only ones that are used.
function isPlainProtocol(protocol: string): boolean {
  return /^[\w.-]{1,100}$/.test(protocol) && !/bearer/i.test(protocol);
}

/** Whether an answer with a body must be objects of the cluster, and so JSON. */
function givesObjects(incoming: IncomingMessage, command: Command, request: PolicyRequest): boolean {
  const { statusCode = 502, headers } = incoming;
  if (command.verb === "HEAD" || statusCode >= 300 || statusCode === 204 || headers["content-length"] === "0")
    return false;
  return request.kind === "resource" && ["", "status", "scale"].includes(request.subresource);
}

function filterOf(request: PolicyRequest): BodyFilter {
  if (request.kind !== "resource") return documentFilter({ resource: undefined });
  const context = { resource: request.resource };
  return request.verb === "watch" ? lineFilter(context) : documentFilter(context);
}

// Of a member that is named twice this agent checked the last; the server must not see the other.
function inOneReading(body: Uint8Array | undefined): Uint8Array | undefined {
  return body === undefined
    ? undefined
    : Buffer.from(JSON.stringify(readJson(Buffer.from(body).toString("utf8"))));
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
