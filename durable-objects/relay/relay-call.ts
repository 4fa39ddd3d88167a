import type { ClusterRequest } from "../../src/kernel/ports/clusters.ts";
import type { Failure } from "../../src/kernel/problem.ts";

/** A call as it comes to the relay: the caller is named, the command has its id. */
export interface RelayCall extends Omit<ClusterRequest, "clusterId"> {
  readonly commandId: string;
  /** `kind:id` */
  readonly actor: string;
}

/** What the relay answers; failures cross RPC as values. */
export type RelayReply =
  | {
      readonly ok: true;
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: Uint8Array | ReadableStream<Uint8Array>;
      readonly queued?: boolean;
    }
  | { readonly ok: false; readonly failure: Failure };

/**
 * A call or a reply as it crosses RPC: everything but the body as JSON, which takes less of workerd's time than an object
 * that is cloned.
 */
export type Packed = readonly [head: string, body?: Uint8Array | ReadableStream<Uint8Array>];

export function packCall({ body, ...head }: RelayCall): Packed {
  return body === undefined ? [JSON.stringify(head)] : [JSON.stringify(head), body];
}

export function unpackCall([head, body]: Packed): RelayCall {
  const call = JSON.parse(head) as RelayCall;
  return body === undefined ? call : { ...call, body };
}

export function packReply(reply: RelayReply): Packed {
  if (!reply.ok) return [JSON.stringify(reply)];
  const { body, ...head } = reply;
  return [JSON.stringify(head), body];
}

export function unpackReply([head, body = new Uint8Array()]: Packed): RelayReply {
  const reply = JSON.parse(head) as RelayReply;
  return reply.ok ? { ...reply, body } : reply;
}

export const refused = (failure: Failure) => ({ ok: false, failure }) as const;

export const defaultTimeoutMs = 30_000;
