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

export const defaultTimeoutMs = 30_000;
