import type { AgentReport } from "../../contracts/relay/hello.ts";
import type { Push } from "../../contracts/relay/push.ts";
import type { InventoryStep } from "../../src/modules/clusters/index.ts";
import type { EventsOut } from "./events-out.ts";
import type { Presence } from "./presence.ts";

/** Puts into words for rules and audit what happens to a cluster's agents and what they tell. */
export class AgentNews {
  readonly #presence: Presence;
  readonly #out: EventsOut;
  readonly #clusterId: string;
  readonly #sendSoon: () => void;

  constructor(presence: Presence, out: EventsOut, clusterId: string, sendSoon: () => void) {
    this.#presence = presence;
    this.#out = out;
    this.#clusterId = clusterId;
    this.#sendSoon = sendSoon;
  }

  /** Keeps what an agent says of itself; a log that is shorter than before, or another, is told at once. */
  reported(agentId: string, role: "active" | "standby", report: AgentReport | undefined): void {
    const now = Date.now();
    const before = this.#presence.find(agentId);
    const isBroken = this.#presence.came(agentId, role, report, now);
    if (before?.connected !== true) this.#tell("connected", agentId, true);
    if (!isBroken || report === undefined) return;
    const data = { agentId, severity: "critical", before: before?.report?.log ?? null, now: report.log };
    this.#out.note("clusters.agent.logBroken", data, now);
    this.#out.tell(`log-${agentId}-${now}`, "maru.cluster.agent.log_broken", agentId, now, data);
    this.#sendSoon();
  }

  /** `online`: whether another agent is there. */
  gone(agentId: string, online: boolean): void {
    this.#presence.gone(agentId, Date.now());
    this.#tell("disconnected", agentId, online);
  }

  /** Those who are written down as connected and aren't: their end came while the object slept. */
  reconcile(here: ReadonlySet<string>): void {
    for (const { agentId, connected } of this.#presence.list())
      if (connected && !here.has(agentId)) this.gone(agentId, here.size > 0);
  }

  events({ events }: Extract<Push, { type: "events" }>): void {
    for (const event of events) this.#out.happened(event);
    this.#sendSoon();
  }

  changed(steps: readonly InventoryStep[]): void {
    this.#out.changed(steps);
    if (!this.#out.isEmpty) this.#sendSoon();
  }

  #tell(what: "connected" | "disconnected", agentId: string, online: boolean): void {
    const now = Date.now();
    const data = { agentId, cluster: this.#clusterId, online };
    this.#out.tell(`${what}-${agentId}-${now}`, `maru.cluster.agent.${what}`, agentId, now, data);
    this.#sendSoon();
  }
}
