import {
  type Packed,
  packCall,
  type RelayCall,
  type RelayReply,
  unpackReply,
} from "../../durable-objects/relay/relay-call.ts";
import { actorName } from "../kernel/actor-name.ts";
import { newId } from "../kernel/ids.ts";
import type { ClusterAnswer, ClusterRequest, ClustersPort, InventoryItem } from "../kernel/ports/clusters.ts";
import { AppError, type Failure } from "../kernel/problem.ts";
import { linkLost, type RelaysPort } from "../modules/clusters/index.ts";
import type { Env } from "../platform/env.ts";
import { relayOf } from "../platform/objects.ts";

/** The relays of tenants' clusters behind the port: one RPC a call. */
export function clustersPort(env: Env): ClustersPort {
  return {
    async call(tenantId, actor, { clusterId, ...request }) {
      const call = relayCallOf(actorName(actor), request);
      const reply = await callRelay(env, tenantId, clusterId, call);
      if (!reply.ok) throw new AppError(reply.failure);
      const { status, headers, body, queued } = reply;
      const answer: ClusterAnswer = { commandId: call.commandId, status, headers, body };
      return queued ? { ...answer, queued } : answer;
    },
    async inventory(tenantId, clusterId, query) {
      const page = await relayOf(env, tenantId, clusterId).inventory({ ...query, limit: query.limit + 1 });
      const { items, syncedAt, online } = page as unknown as {
        items: InventoryItem[];
        syncedAt: number | null;
        online: boolean;
      };
      const next = items.length > query.limit ? items[query.limit - 1]?.key : undefined;
      return {
        items: items.slice(0, query.limit),
        syncedAt,
        online,
        ...(next === undefined ? {} : { next }),
      };
    },
  };
}

/**
 * Opens a WebSocket beyond a cluster's agent for the user of a request that asks for an upgrade. `call` is a GET; the
 * agent's side speaks the driver's own protocol on it.
 * @returns 101 with the user's end, once the other side has accepted; throws like `ClustersPort.call` and `clusters.console_refused`
 */
export async function openClusterConsole(
  env: Env,
  tenantId: string,
  clusterId: string,
  call: RelayCall,
): Promise<Response> {
  const answer = await relayOf(env, tenantId, clusterId).fetch("https://relay/console", {
    headers: { upgrade: "websocket", "x-relay-call": encodeURIComponent(JSON.stringify(call)) },
  });
  // A copy: the shell adds headers, and those of an answer that was fetched can't be changed.
  if (answer.webSocket !== null) return new Response(null, { status: 101, webSocket: answer.webSocket });
  throw new AppError(await answer.json<Failure>());
}

/** A request as the relay takes it, with the id of its command. */
export function relayCallOf(actor: string, request: Omit<ClusterRequest, "clusterId">): RelayCall {
  return { ...request, actor, commandId: newId("cmd", Date.now()) };
}

/** One RPC; what fails is a value. */
export async function callRelay(
  env: Env,
  tenantId: string,
  clusterId: string,
  call: RelayCall,
): Promise<RelayReply> {
  try {
    const relay = relayOf(env, tenantId, clusterId) as unknown as {
      call(...packed: Packed): Promise<Packed>;
    };
    return unpackReply(await relay.call(...packCall(call)));
  } catch {
    // The object died under the call: it may have been sent.
    return { ok: false, failure: linkLost(call) };
  }
}

/** What relays know and are told, behind the port. */
export function relaysPort(env: Env): RelaysPort {
  // The RPC types lose read-only lists; the object's own methods have these very types.
  const of = (tenantId: string, clusterId: string) =>
    relayOf(env, tenantId, clusterId) as unknown as {
      presence(): ReturnType<RelaysPort["presence"]>;
      refresh(): Promise<void>;
      calls(before: number | null, limit: number, id: string | null): ReturnType<RelaysPort["calls"]>;
      verifyLog(seals: readonly { seq: number; hash: string }[]): ReturnType<RelaysPort["verifyLog"]>;
      listQueued(after: string, limit: number): ReturnType<RelaysPort["queue"]>;
      cancelQueued(commandId: string): ReturnType<RelaysPort["cancelQueued"]>;
      changes(after: number | null, waitMs: number): ReturnType<RelaysPort["changes"]>;
    };
  return {
    presence: (tenantId, clusterId) => of(tenantId, clusterId).presence(),
    refresh: (tenantId, clusterId) => of(tenantId, clusterId).refresh(),
    calls: (tenantId, clusterId, { before, limit, commandId }) =>
      of(tenantId, clusterId).calls(before ?? null, limit, commandId ?? null),
    verifyLog: (tenantId, clusterId, seals) =>
      of(tenantId, clusterId).verifyLog(seals.map(({ seq, hash }) => ({ seq, hash }))),
    queue: (tenantId, clusterId, { after, limit }) => of(tenantId, clusterId).listQueued(after ?? "", limit),
    cancelQueued: (tenantId, clusterId, commandId) => of(tenantId, clusterId).cancelQueued(commandId),
    changes: (tenantId, clusterId, after, waitMs) =>
      of(tenantId, clusterId).changes(after, Math.min(waitMs, 25_000)),
  };
}
