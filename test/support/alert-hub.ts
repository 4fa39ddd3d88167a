import type { AlertSignal, Labels, Notification, RoutingConfig } from "../../contracts/alerts.ts";
import type { MaintenanceTimes } from "../../contracts/schedules.ts";
import { alertFingerprint } from "../../src/modules/alerts/fingerprint.ts";
import type { Calendar } from "../../src/modules/alerts/hub/calendar.ts";
import type { HubCommand, HubReply } from "../../src/modules/alerts/hub/commands.ts";
import { HubCache } from "../../src/modules/alerts/hub/compiled-routing.ts";
import { decideAlerts } from "../../src/modules/alerts/hub/decide-alerts.ts";
import type { HubEvent } from "../../src/modules/alerts/hub/hub-decision.ts";
import type { HubStore } from "../../src/modules/alerts/hub/hub-store.ts";
import { MemoryHubStore } from "../../src/modules/alerts/hub/memory-store.ts";

export const second = 1000;
export const minute = 60_000;
export const hour = 3_600_000;

/** Reads spans only: what the hub's tests need of a calendar. */
export const spanCalendar: Calendar = {
  isActive: (times, at) => spansOf(times).some(([from, until]) => at >= from && at < until),
  nextChange: (times, at) => {
    const changes = spansOf(times)
      .flat()
      .filter((change) => change > at);
    return changes.length === 0 ? null : Math.min(...changes);
  },
};

/** Named intervals stand for spans of hours of 1970-01-01 UTC. */
function spansOf(times: MaintenanceTimes): [number, number][] {
  if (times.kind === "span") return [[Date.parse(times.from), Date.parse(times.until)]];
  if (times.kind !== "intervals") return [];
  return times.intervals.flatMap((interval) =>
    (interval.times ?? []).map(({ from, until }): [number, number] => [clock(from), clock(until)]),
  );
}

function clock(text: string): number {
  const [hours = 0, minutes = 0] = text.split(":").map(Number);
  return hours * hour + minutes * minute;
}

/** Signals at (updatedAt, seq 0) unless told otherwise. */
export function aSignal(labels: Labels, changes: Partial<AlertSignal> = {}): AlertSignal {
  return {
    lineage: "rule-1",
    labels,
    annotations: {},
    startsAt: 0,
    endsAt: null,
    updatedAt: changes.startsAt ?? 0,
    seq: 0,
    ...changes,
  };
}

export function fingerprintOf(labels: Labels, lineage = "rule-1"): string {
  return alertFingerprint(lineage, labels);
}

/** One receiver "ops" with the channel "slack", groups by nothing, and the documented default times. */
export function aRouting(changes: Partial<RoutingConfig> = {}): RoutingConfig {
  return {
    route: { receiver: "ops" },
    receivers: [{ name: "ops", channels: [{ channelId: "slack" }] }],
    inhibitions: [],
    maintenance: [],
    timeIntervals: {},
    ...changes,
  };
}

export interface Heard {
  readonly at: number;
  readonly notification: Notification;
}

/** A hub with a clock: commands at an instant, and alarms as they are due. */
export class HubDriver {
  readonly heard: Heard[] = [];
  readonly events: HubEvent[] = [];
  readonly store: HubStore;
  readonly #cache = new HubCache();
  wakeAt: number | null = null;
  now = 0;

  constructor(routing: RoutingConfig, store: HubStore = new MemoryHubStore()) {
    this.store = store;
    const reply = this.#decide({ type: "set_config", config: routing });
    if (!reply.ok) throw new Error(JSON.stringify(reply.failure));
  }

  /** Lets the alarms before `at` ring, then gives the command. */
  at<C extends HubCommand>(at: number, command: C): HubReply<C> {
    this.until(at - 1);
    this.now = at;
    return this.#decide(command);
  }

  signal(at: number, ...signals: AlertSignal[]): void {
    this.at(at, { type: "signal", signals });
  }

  /** Lets every alarm up to and with `at` ring. */
  until(at: number): void {
    for (let rings = 0; this.wakeAt !== null && this.wakeAt <= at; rings += 1) {
      if (rings > 100_000) throw new Error("the hub never rests");
      this.now = Math.max(this.now, this.wakeAt);
      this.#decide({ type: "tick" });
    }
    this.now = Math.max(this.now, at);
  }

  /** What was heard, short: when, where, `+name` for firing and `-name` for ended alerts, by the label `name`. */
  said(): string[] {
    return this.heard.map(({ at, notification }) => `${at} ${notification.channelId} ${short(notification)}`);
  }

  #decide<C extends HubCommand>(command: C): HubReply<C> {
    const parts = { tenantId: "t1", store: this.store, calendar: spanCalendar, cache: this.#cache };
    const { reply, effects, events, wakeAt } = decideAlerts(parts, command, this.now);
    for (const { id, notification } of effects) {
      if (this.heard.some((known) => known.notification.id === id)) continue;
      this.heard.push({ at: this.now, notification });
      this.#deliver(id);
    }
    this.events.push(...events);
    this.wakeAt = wakeAt;
    return reply;
  }

  #deliver(id: string): void {
    const parts = { tenantId: "t1", store: this.store, calendar: spanCalendar, cache: this.#cache };
    const { reply } = decideAlerts(parts, { type: "claim", id, leaseMs: minute }, this.now);
    if (!reply.ok) throw new Error(`${id} can't be claimed`);
    decideAlerts(parts, { type: "report", id, epoch: reply.epoch, outcome: { state: "sent" } }, this.now);
  }
}

function short({ alerts, notices }: Notification): string {
  const names = alerts
    .map(({ status, labels }) => `${status === "firing" ? "+" : "-"}${labels.name}`)
    .sort((a, b) => (a.slice(1) < b.slice(1) ? -1 : 1));
  return [...names, ...notices.map(({ kind }) => kind)].join(" ");
}
