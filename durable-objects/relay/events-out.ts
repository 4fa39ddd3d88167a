import type { MaruEvent } from "../../contracts/events.ts";
import type { ClusterEvent } from "../../contracts/relay/push.ts";
import { openSession } from "../../src/context.ts";
import { type EventFacts, recordEvents } from "../../src/db/write.ts";
import { newId } from "../../src/kernel/ids.ts";
import { continueTrace } from "../../src/kernel/trace.ts";
import {
  type ClusterFact,
  clusterFacts,
  crashFact,
  findCluster,
  type InventoryStep,
} from "../../src/modules/clusters/index.ts";
import type { Env } from "../../src/platform/env.ts";
import { pokeLedger } from "../../src/platform/objects.ts";
import { type Sql, SqlRows } from "../alerts/sql-rows.ts";

interface OutRow extends Record<string, string | number | null> {
  readonly seq: number;
  readonly kind: string;
  readonly body: string;
}

type Said = Omit<ClusterFact, "type" | "data"> &
  Pick<MaruEvent, "type"> & { readonly data: NonNullable<MaruEvent["data"]> };

type AuditEvent = Omit<EventFacts, "now" | "tenantId"> & { readonly at: number };

const rowsPerSend = 100;
const mostRows = 20_000;

/** What the relay has to tell: events for the rules, and audit events of what happened to it. Each is sent at least once. */
export class EventsOut extends SqlRows {
  readonly #env: Env;
  readonly #tenantId: string;
  readonly #clusterId: string;

  constructor(sql: Sql, env: Env, tenantId: string, clusterId: string) {
    super(sql);
    this.#env = env;
    this.#tenantId = tenantId;
    this.#clusterId = clusterId;
  }

  /** An event for the rules; `id` tells a repeat. */
  tell(id: string, type: string, subject: string, at: number, data: NonNullable<MaruEvent["data"]>): void {
    this.#put("rules", this.#eventOf({ id, type, subject, data }, at));
  }

  /** An event of the cluster in its own words. */
  happened(event: ClusterEvent): void {
    this.#put("happening", event);
  }

  /** What changed in the inventory, as far as it means something to the rules. */
  changed(steps: readonly InventoryStep[]): void {
    for (const step of steps) if (clusterFacts("", step).length > 0) this.#put("change", step);
  }

  #eventOf({ id, type, subject, data }: Said, at: number): MaruEvent {
    return {
      id,
      source: `/clusters/${this.#clusterId}`,
      type,
      subject,
      time: at,
      data,
      tenantid: this.#tenantId,
      sourceid: "clusters",
      ingesttime: at,
      ingestseq: 0,
      verified: "internal",
    };
  }

  /** An audit event of what the relay noticed by itself. */
  note(action: string, after: unknown, at: number): void {
    const event: AuditEvent = {
      id: newId("evt", at),
      at,
      actor: { kind: "system", id: "clusters.relay" },
      action,
      entity: `cluster:${this.#clusterId}`,
      after,
      requestId: newId("req", at),
      traceId: continueTrace(null).traceId,
    };
    this.#put("audit", event);
  }

  get isEmpty(): boolean {
    return this.all<{ one: number }>("select 1 as one from events_out limit 1").length === 0;
  }

  /** Sends everything; what fails stays and is sent again. */
  async flush(): Promise<void> {
    for (let sent = rowsPerSend; sent === rowsPerSend; ) sent = await this.#sendSome();
  }

  async #sendSome(): Promise<number> {
    const rows = this.all<OutRow>("select seq, kind, body from events_out order by seq limit ?", rowsPerSend);
    if (rows.length === 0) return 0;
    const of = <T>(kind: string) =>
      rows.filter((row) => row.kind === kind).map(({ body }) => JSON.parse(body) as T);
    const session = openSession(this.#env, new Date(), () => {});
    try {
      const audit = of<AuditEvent>("audit");
      const facts = audit.map(({ at, ...event }) => ({
        ...event,
        tenantId: this.#tenantId,
        now: new Date(at),
      }));
      if (facts.length > 0) {
        await recordEvents(session.db, facts);
        await pokeLedger(this.#env, this.#tenantId);
      }
      const isNamed = rows.some(({ kind }) => kind === "change" || kind === "happening");
      const cluster = isNamed ? await findCluster(session.db, this.#tenantId, this.#clusterId) : undefined;
      const events = rows.flatMap(({ kind, body }) => {
        if (kind === "rules") return [JSON.parse(body) as MaruEvent];
        if (cluster === undefined) return [];
        if (kind === "happening") return this.#eventsOf(cluster.name, JSON.parse(body) as ClusterEvent);
        if (kind !== "change") return [];
        const step = JSON.parse(body) as InventoryStep;
        return clusterFacts(cluster.name, step).map((fact) => this.#eventOf(fact, step.at));
      });
      if (events.length > 0) await session.ports.events.publish(this.#tenantId, events);
    } finally {
      await session.db.close();
    }
    this.write("delete from events_out where seq <= ?", rows.at(-1)?.seq ?? 0);
    return rows.length;
  }

  #eventsOf(cluster: string, event: ClusterEvent): MaruEvent[] {
    const { id, at, object, ...said } = event;
    const subject = `${object.kind}/${object.name}`;
    const told = {
      id,
      type: "maru.cluster.event",
      subject,
      data: { ...said, object: { ...object }, cluster },
    };
    const crash = crashFact(cluster, event);
    return [this.#eventOf(told, at), ...(crash === undefined ? [] : [this.#eventOf(crash, at)])];
  }

  #put(kind: string, event: unknown): void {
    this.write("insert into events_out (kind, body) values (?, ?)", kind, JSON.stringify(event));
    this.write("delete from events_out where seq <= (select max(seq) from events_out) - ?", mostRows);
  }
}
