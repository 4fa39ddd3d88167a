import type { MaintenanceTimes } from "../../../../contracts/schedules.ts";
import type { LabelIndex } from "../matching/label-index.rules.ts";
import type { RouteNode } from "../routing/route-tree.rules.ts";
import type { Calendar } from "./calendar.ts";
import { type CompiledRouting, compileRouting, type HubCache, indexSilences } from "./compiled-routing.ts";
import type { HubEvent, HubEventType, NotifyEffect } from "./hub-decision.ts";
import type { HubStore } from "./hub-store.ts";
import type { AlertRow, GroupRow, HubHead, SilenceRow, TimelineType } from "./rows.ts";

const never: TimesNow = { isOpen: false, until: () => null };

/** What a hub stands on. The cache belongs to the store. */
export interface HubParts {
  readonly tenantId: string;
  readonly store: HubStore;
  readonly calendar: Calendar;
  readonly cache: HubCache;
}

/** Whether times are open now; `until` is asked for when it is needed. */
export interface TimesNow {
  readonly isOpen: boolean;
  readonly until: () => number | null;
}

/** One command at work: rows that were read, counters, and what comes out. Writes go to the store at once. */
export class HubWork {
  readonly now: number;
  readonly tenantId: string;
  readonly store: HubStore;
  readonly calendar: Calendar;
  readonly effects: NotifyEffect[] = [];
  readonly events: HubEvent[] = [];
  /** Silences that end once nothing that they mute fires, and of which something has just ended. */
  readonly silencesToReview = new Set<string>();
  /** Groups of which an alert began, ended or changed hands, for their escalations. */
  readonly escalationsToReview = new Set<string>();
  readonly #cache: HubCache;
  readonly #alerts = new Map<string, AlertRow>();
  readonly #groups = new Map<string, GroupRow>();
  readonly #times = new Map<string, TimesNow>();
  readonly #before: HubHead;
  #head: HubHead;
  #routing: CompiledRouting | undefined;
  #silences: LabelIndex<SilenceRow> | undefined;

  constructor(parts: HubParts, now: number) {
    this.now = now;
    this.tenantId = parts.tenantId;
    this.store = parts.store;
    this.calendar = parts.calendar;
    this.#cache = parts.cache;
    this.#before = parts.store.readHead();
    this.#head = this.#before;
  }

  get head(): HubHead {
    return this.#head;
  }

  count(change: Partial<HubHead>): void {
    this.#head = { ...this.#head, ...change };
    if (change.configVersion !== undefined) {
      this.#routing = undefined;
      this.#times.clear();
    }
    if (change.silenceVersion !== undefined) this.#silences = undefined;
  }

  get routing(): CompiledRouting {
    const { configVersion } = this.#head;
    this.#routing ??= this.#cache.routing(configVersion, configVersion === this.#before.configVersion, () =>
      compileRouting(this.store.readConfig()),
    );
    return this.#routing;
  }

  /** The silences that have not expired. */
  get silences(): LabelIndex<SilenceRow> {
    const { silenceVersion } = this.#head;
    this.#silences ??= this.#cache.silences(
      silenceVersion,
      silenceVersion === this.#before.silenceVersion,
      () => indexSilences(this.store.liveSilences()),
    );
    return this.#silences;
  }

  route(key: string): RouteNode | undefined {
    return this.routing.routes.get(key);
  }

  /** The calendar's answer about a planned work or a named time interval, asked once a command; `key` names it. */
  times(key: string, times: MaintenanceTimes): TimesNow {
    const known = this.#times.get(key);
    if (known !== undefined) return known;
    let until: number | null | undefined;
    const found: TimesNow = {
      isOpen: this.calendar.isActive(times, this.now),
      until: () => {
        until = until === undefined ? this.calendar.nextChange(times, this.now) : until;
        return until;
      },
    };
    this.#times.set(key, found);
    return found;
  }

  /** A named time interval; an unknown name is never open. */
  interval(name: string): TimesNow {
    const intervals = this.routing.config.timeIntervals[name];
    return intervals === undefined ? never : this.times(`interval:${name}`, { kind: "intervals", intervals });
  }

  /** The names of the time intervals that are open now. */
  openIntervals(): string[] {
    return Object.keys(this.routing.config.timeIntervals).filter((name) => this.interval(name).isOpen);
  }

  /** An alert began, ended or changed hands: the escalations of its groups are looked at when the command is done. */
  reviewEscalationsOf(fingerprint: string): void {
    for (const key of this.store.groupsOf(fingerprint)) this.escalationsToReview.add(key);
  }

  alert(fingerprint: string): AlertRow | undefined {
    const known = this.#alerts.get(fingerprint) ?? this.store.findAlert(fingerprint);
    if (known !== undefined) this.#alerts.set(fingerprint, known);
    return known;
  }

  saveAlert(alert: AlertRow): void {
    this.store.putAlert(alert);
    this.#alerts.set(alert.fingerprint, alert);
  }

  forgetAlert(fingerprint: string): void {
    this.store.deleteAlert(fingerprint);
    this.#alerts.delete(fingerprint);
    this.count({ alerts: this.#head.alerts - 1 });
  }

  group(key: string): GroupRow | undefined {
    const known = this.#groups.get(key) ?? this.store.findGroup(key);
    if (known !== undefined) this.#groups.set(key, known);
    return known;
  }

  saveGroup(group: GroupRow): void {
    this.store.putGroup(group);
    this.#groups.set(group.key, group);
  }

  forgetGroup(key: string): void {
    this.store.deleteGroup(key);
    this.#groups.delete(key);
  }

  saveSilence(silence: SilenceRow): void {
    this.store.putSilence(silence);
    this.count({ silenceVersion: this.#head.silenceVersion + 1 });
  }

  note(fingerprint: string, type: TimelineType, data: Readonly<Record<string, unknown>> = {}): void {
    const seq = this.#head.timelineSeq + 1;
    this.count({ timelineSeq: seq });
    this.store.appendTimeline({ seq, fingerprint, at: this.now, type, data });
  }

  publish(type: HubEventType, subject: string, data: Readonly<Record<string, unknown>> = {}): void {
    const seq = this.#head.eventSeq + 1;
    this.count({ eventSeq: seq });
    this.events.push({ seq, type, at: this.now, subject, data });
  }

  finish(): void {
    if (this.#head !== this.#before) this.store.writeHead(this.#head);
  }
}
