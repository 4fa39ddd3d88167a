import type { RoutingConfig } from "../../../../contracts/alerts.ts";
import type {
  BacktestCounts,
  BacktestMoment,
  BacktestNotifications,
  BacktestReport,
} from "../../../../contracts/backtest.ts";
import type { MaruEvent } from "../../../../contracts/events.ts";
import { compileSchedule } from "../../schedules/index.ts";
import type { CompiledRule } from "../engine/compile/compiled-rule.ts";
import type { Output } from "../engine/outputs.ts";
import { pollInputs } from "../polling/fed-inputs.rules.ts";
import { isPolled, polledOf, pollSourceId } from "../polling/polled-event.rules.ts";
import { Firings, instantText, momentOf } from "./moments.rules.ts";
import { Replay } from "./replay.ts";
import { VirtualHub } from "./virtual-hub.ts";

const shownMoments = 1_000;
const shownNotifications = 500;
const shownProblems = 50;
const keptFirings = 20_000;
/** Steps of keys and decisions of the hub that one version may cost. */
export const maxWork = 1_000_000;

/** One version of a rule over the events that are given: what it does and who would be told. */
export class VersionReplay {
  readonly firings = new Firings(keptFirings);
  readonly timeline: BacktestMoment[] = [];
  timelineOmitted = 0;
  private readonly health: BacktestReport["problems"] = [];
  private readonly replay: Replay;
  private readonly hub: VirtualHub;
  private readonly startAt: number;
  /** Where what the rule polls is kept; null where it hears events. */
  private readonly pollSource: string | null;
  private polledAt: number | null = null;
  private events = 0;

  /** @throws invalid_input `alerts.bad_routing` */
  constructor(ruleId: string, rule: CompiledRule, routing: RoutingConfig, startAt: number, work: number) {
    this.hub = new VirtualHub(rule.tenantId, routing, startAt);
    this.startAt = startAt;
    const { trigger } = rule.definition;
    this.pollSource = trigger.kind === "metric" ? pollSourceId(ruleId, trigger.metric) : null;
    this.replay = new Replay({
      rule,
      startAt,
      hub: this.hub,
      nextRun: trigger.kind === "schedule" ? compileSchedule(trigger.schedule).next : null,
      maxWork: work,
      onOutputs: (outputs, clock) => this.hear(outputs, clock),
    });
  }

  /** Takes what arrived together: events of a source, or the result of a poll, where they are the rule's. */
  take(events: readonly MaruEvent[], at: number): void {
    const [first] = events;
    if (first === undefined || (isPolled(first) ? first.sourceid : null) !== this.pollSource) return;
    this.events += events.length;
    if (this.pollSource === null) this.replay.ingest(events, at);
    else for (const event of events) this.poll(event, at);
  }

  private poll(event: MaruEvent, at: number): void {
    const { intervalMs, result } = polledOf(event);
    const inputs = pollInputs(this.polledAt, event.time, intervalMs, result);
    if (inputs.length > 0) this.polledAt = event.time;
    for (const { input } of inputs) this.replay.feed(input, at);
  }

  /** What the author should see. */
  get problems(): BacktestReport["problems"] {
    if (this.pollSource === null || this.events > 0) return this.health;
    const detail =
      'Of this time no poll of the rule\'s metric is kept. One that was never polled has none: let the version watch with ":shadow" first.';
    return [{ at: instantText(this.startAt), code: "nothingPolled", detail }, ...this.health];
  }

  passTo(until: number): void {
    this.replay.passTo(until);
  }

  get isExhausted(): boolean {
    return this.replay.isExhausted;
  }

  get now(): number {
    return this.replay.now;
  }

  get counts(): BacktestCounts {
    const { counters, keys } = this.replay.shard.progress;
    const { events: taken, duplicates, nullKeys, refusedKeys, late } = counters;
    const { matches, fired, resolved, errors, suppressed, steps } = counters;
    const arrived = { events: this.events, taken, late, duplicates, nullKeys, refusedKeys };
    return { ...arrived, keys, matches, fired, resolved, errors, suppressed, steps };
  }

  get notifications(): BacktestNotifications {
    const { sent } = this.hub;
    const byChannel: Record<string, number> = {};
    for (const { channelId } of sent) byChannel[channelId] = (byChannel[channelId] ?? 0) + 1;
    const items = sent
      .slice(0, shownNotifications)
      .map(({ createdAt, channelId, receiver, status, repeat, groupLabels, firingCount, resolvedCount }) => ({
        at: instantText(createdAt),
        channelId,
        receiver,
        status,
        repeat,
        groupLabels: { ...groupLabels },
        firing: firingCount,
        resolved: resolvedCount,
      }));
    return { count: sent.length, byChannel, items };
  }

  private hear(outputs: readonly Output[], clock: number): void {
    for (const output of outputs) {
      if (output.kind === "health") {
        const { at, code, detail } = output;
        if (this.health.length < shownProblems) this.health.push({ at: instantText(at), code, detail });
      }
      if (output.kind !== "match" && output.kind !== "transition") continue;
      this.firings.take(output);
      if (this.timeline.length < shownMoments) this.timeline.push(momentOf(output, clock));
      else this.timelineOmitted += 1;
    }
  }
}
