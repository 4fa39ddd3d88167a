import type { AgentReport } from "../../../contracts/relay/hello.ts";
import type { ClustersPort } from "../../kernel/ports/clusters.ts";

/** An agent as its relay knows it. Instants are milliseconds. */
export interface AgentPresence {
  readonly agentId: string;
  readonly connected: boolean;
  readonly role: "active" | "standby" | null;
  /** When it connected, or was cut off. */
  readonly since: number;
  readonly report: AgentReport | null;
}

/** One call as the relay's log has it. */
export interface LoggedCall {
  readonly seq: number;
  readonly commandId: string;
  readonly at: number;
  readonly actor: string;
  readonly operation: string;
  readonly driver: string;
  readonly verb: string;
  readonly path: string;
  readonly agentId: string | null;
  /** `sent`: no answer is known yet. `unknown`: the answer was lost; the agent is asked when it is back. */
  readonly outcome: CallOutcome;
  readonly status: number | null;
  readonly code: string | null;
  readonly durationMs: number | null;
}

/** What came of looking through a log of calls. */
export interface LogCheck {
  readonly entries: number;
  readonly head: string;
  /** The first entry that isn't as it was written. */
  readonly brokenAt: number | null;
  /** The first sealed head that the log does not hold any more. */
  readonly brokenSeal: number | null;
}
export type CallOutcome = "sent" | "answered" | "failed" | "unknown" | "ran" | "did_not_run" | "queued";

export type QueuedState = "queued" | "sent" | "applied" | "conflict" | "failed" | "expired" | "cancelled";

/** A command that waits for an agent, or waited. */
export interface QueuedCommand {
  readonly commandId: string;
  readonly at: number;
  readonly expiresAt: number;
  readonly actor: string;
  readonly operation: string;
  readonly verb: string;
  readonly path: string;
  readonly state: QueuedState;
  readonly status: number | null;
  readonly detail: string | null;
}

/** A thing of the inventory that changed; without `before` it is new, without `after` it is gone. */
export interface InventoryStep {
  readonly seq: number;
  readonly at: number;
  readonly key: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
}

/** Some changes of an inventory: `head` is the number of the last that was looked at, `oldest` of the first that is kept. */
export interface InventoryPage {
  readonly steps: readonly InventoryStep[];
  readonly head: number;
  readonly oldest: number;
}

/** What the relays know and are told, beside carrying calls. */
export interface RelaysPort {
  presence(tenantId: string, clusterId: string): Promise<readonly AgentPresence[]>;
  /** Cluster, agents or keys have changed in the database: revoked agents are cut off at once, new keys announced. */
  refresh(tenantId: string, clusterId: string): Promise<void>;
  /** Calls, the newest first, older than `before`. */
  calls(
    tenantId: string,
    clusterId: string,
    query: { readonly before?: number | undefined; readonly limit: number; readonly commandId?: string },
  ): Promise<readonly LoggedCall[]>;
  /** Whether the log of calls is as it was written, and still holds the heads that were sealed. */
  verifyLog(
    tenantId: string,
    clusterId: string,
    seals: readonly { readonly seq: number; readonly hash: string }[],
  ): Promise<LogCheck>;
  queue(
    tenantId: string,
    clusterId: string,
    query: { readonly after?: string | undefined; readonly limit: number },
  ): Promise<readonly QueuedCommand[]>;
  /** Takes a waiting command out; answers what it is now, null when there is none. */
  cancelQueued(tenantId: string, clusterId: string, commandId: string): Promise<QueuedCommand | null>;
  /** What changed in the inventory after a number, null for from now on; waits for something when there is nothing. */
  changes(tenantId: string, clusterId: string, after: number | null, waitMs: number): Promise<InventoryPage>;
}

declare module "../../kernel/ports/ports.ts" {
  interface Ports {
    readonly clusters: ClustersPort;
    readonly relays: RelaysPort;
  }
}
