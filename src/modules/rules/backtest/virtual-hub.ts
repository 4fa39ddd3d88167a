import type { AlertSignal, Notification, RoutingConfig } from "../../../../contracts/alerts.ts";
import { AppError } from "../../../kernel/problem.ts";
import {
  decideAlerts,
  HubCache,
  type HubCommand,
  type HubReply,
  MemoryHubStore,
  withoutEscalations,
} from "../../alerts/index.ts";
import { intervalTimetable, maintenanceTimetable } from "../../schedules/index.ts";

type Times = Parameters<typeof maintenanceTimetable>[0];

const timetableOf = (times: Times) =>
  times.kind === "intervals" ? intervalTimetable(times.intervals) : maintenanceTimetable(times);
const calendar = {
  isActive: (times: Times, at: number) => timetableOf(times).isActive(at),
  nextChange: (times: Times, at: number) => timetableOf(times).nextChange(at),
};
const leaseMs = 60_000;

/** The alert hub's decisions in memory: every notification is delivered at the instant at which it is handed out. */
export class VirtualHub {
  wakeAt: number | null = null;
  /** Commands that were decided. */
  work = 0;
  readonly sent: Notification[] = [];
  private readonly parts;

  /** @throws invalid_input `alerts.bad_routing` */
  constructor(tenantId: string, routing: RoutingConfig, startAt: number) {
    this.parts = { tenantId, store: new MemoryHubStore(), calendar, cache: new HubCache() };
    const config = withoutEscalations(routing);
    const reply = this.decide({ type: "set_config", config }, startAt);
    if (reply.ok) return;
    const errors = (reply.failure.errors ?? []).map((one) => ({ ...one, pointer: `/routing${one.pointer}` }));
    throw new AppError({ ...reply.failure, errors });
  }

  hear(signals: readonly AlertSignal[], now: number): void {
    this.decide({ type: "signal", signals }, now);
  }

  tick(now: number): void {
    this.decide({ type: "tick" }, now);
  }

  private decide<C extends HubCommand>(command: C, now: number): HubReply<C> {
    this.work += 1;
    const { reply, effects, wakeAt } = decideAlerts(this.parts, command, now);
    this.wakeAt = wakeAt;
    for (const { id, notification } of effects) {
      const claim = this.decide({ type: "claim", id, leaseMs }, now);
      if (!claim.ok) continue;
      this.sent.push(notification);
      this.decide({ type: "report", id, epoch: claim.epoch, outcome: { state: "sent" } }, now);
    }
    return reply;
  }
}
