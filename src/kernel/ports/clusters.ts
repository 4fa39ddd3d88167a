import type { Actor } from "../context.ts";
import type { Scope } from "../scopes.ts";

/** A call to a system behind a cluster's agent. */
export interface ClusterRequest {
  readonly clusterId: string;
  /** The operation's action, which the command carries. */
  readonly operation: string;
  /** What the operation asks of its caller: a queued command leaves only while the caller still has it. */
  readonly scope?: Scope;
  /** `kubernetes`, `prometheus`, or `http:name` and `postgres:name` of the agent's configuration. */
  readonly driver: string;
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path and query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes are hashed into the command; a stream is not, and is sent as it comes. */
  readonly body?: Uint8Array | ReadableStream<Uint8Array>;
  /** How long the caller waits; 30 s when absent. */
  readonly timeoutMs?: number;
  /** Writes only: when no agent is connected, keep the command so long for one to come. */
  readonly queueForMs?: number;
  /** A repeat with the same key gets the first result. */
  readonly idempotencyKey?: string;
}

/** What came back. A body beyond 64 KiB is a stream; whoever does not read it must cancel it. */
export interface ClusterAnswer {
  readonly commandId: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | ReadableStream<Uint8Array>;
  /** The command waits in the queue; there is no answer yet, and `status` is 202. */
  readonly queued?: boolean;
}

/** An object of the cluster as its inventory knows it. */
export interface InventoryItem {
  /** `group/plural/namespace/name` */
  readonly key: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly summary: Readonly<Record<string, unknown>>;
  readonly seenAt: number;
}

/** The way to tenants' clusters, through their relays. */
export interface ClustersPort {
  /**
   * Signs, sends and awaits a command.
   * @throws not_found `clusters.unknown`; unavailable `clusters.offline` (with Retry-After), `clusters.overloaded`;
   * upstream_failed `clusters.relay_lost` (a read may be repeated), `clusters.outcome_unknown` (a write whose answer was lost), `clusters.upstream_failed`; timeout
   * `clusters.timeout`; forbidden `clusters.agent_refused` (the agent's own policy); too_large `clusters.too_large`
   */
  call(tenantId: string, actor: Actor, request: ClusterRequest): Promise<ClusterAnswer>;
  /** What the inventory holds of some kinds (`group/plural`), by key; `after` is the last key of the page before. */
  inventory(
    tenantId: string,
    clusterId: string,
    query: {
      readonly kinds: readonly string[];
      readonly namespaces?: readonly string[];
      readonly after?: string;
      readonly limit: number;
    },
  ): Promise<{
    readonly items: readonly InventoryItem[];
    readonly next?: string;
    readonly syncedAt: number | null;
    readonly online: boolean;
  }>;
}
