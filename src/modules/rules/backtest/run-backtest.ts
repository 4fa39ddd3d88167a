import type { RoutingConfig } from "../../../../contracts/alerts.ts";
import type { BacktestReport } from "../../../../contracts/backtest.ts";
import type { MaruEvent } from "../../../../contracts/events.ts";
import { sha256Json } from "../../../kernel/hash.ts";
import type { CompiledRule } from "../engine/compile/compiled-rule.ts";
import { isPolled, polledOf } from "../polling/polled-event.rules.ts";
import { compareFirings } from "./compare-firings.rules.ts";
import { instantText } from "./moments.rules.ts";
import { maxWork, VersionReplay } from "./version-replay.ts";

export interface Candidate {
  /** Null: a definition that is no version yet. */
  readonly version: number | null;
  readonly rule: CompiledRule;
}

export interface BacktestRequest {
  readonly ruleId: string;
  readonly candidate: Candidate;
  /** What it is compared with. */
  readonly live: Candidate | null;
  /** Epoch milliseconds; the clock stands at `from` at first and goes on to `to`. */
  readonly from: number;
  readonly to: number;
  /** In the order of their arrival. */
  readonly events: AsyncIterable<MaruEvent> | Iterable<MaruEvent>;
  readonly routing: RoutingConfig;
  readonly maxEvents: number;
  readonly maxWork?: number;
}

/**
 * Replays events through the engine that runs live, with a clock that shows when they arrived, and tells what would have
 * happened and who would have been told. State is empty at `from`. Deterministic: the same request gives the same report.
 * @throws invalid_input `alerts.bad_routing`
 */
export async function runBacktest(request: BacktestRequest): Promise<BacktestReport> {
  const { candidate, live, routing, from, to, ruleId } = request;
  const replayOf = ({ rule }: Candidate) =>
    new VersionReplay(ruleId, rule, routing, from, request.maxWork ?? maxWork);
  const own = replayOf(candidate);
  const other = live === null ? null : replayOf(live);
  const both = other === null ? [own] : [own, other];
  const { truncated, reachedAt } = await feed(both, request);
  const report: Omit<BacktestReport, "hash"> = {
    ruleId,
    version: candidate.version,
    from: instantText(from),
    to: instantText(to),
    reachedAt: instantText(reachedAt),
    truncated,
    counts: own.counts,
    timeline: own.timeline,
    timelineOmitted: own.timelineOmitted,
    notifications: own.notifications,
    problems: own.problems,
    live:
      live === null || other === null
        ? null
        : { version: live.version, counts: other.counts, notifications: other.notifications },
    difference: other === null ? null : compareFirings(other.firings.all, own.firings.all),
  };
  return { ...report, hash: await sha256Json(report) };
}

type End = Pick<BacktestReport, "truncated"> & { readonly reachedAt: number };

/** Feeds events by the batches in which they arrived, until they end or a budget is used up. */
async function feed(replays: readonly VersionReplay[], request: BacktestRequest): Promise<End> {
  const { events, maxEvents, to } = request;
  let batch: MaruEvent[] = [];
  let left = maxEvents;
  const isExhausted = () => replays.some((replay) => replay.isExhausted);
  const flush = () => {
    const at = batch[0]?.ingesttime;
    if (at !== undefined) for (const replay of replays) replay.take(batch, at);
    batch = [];
  };
  const reached = () => Math.min(...replays.map(({ now }) => now));
  for await (const event of events) {
    if (!isSameBatch(batch[0], event)) {
      flush();
      if (isExhausted()) return { truncated: "work", reachedAt: reached() };
    }
    if (left <= 0) {
      flush();
      return { truncated: "events", reachedAt: reached() };
    }
    left -= isPolled(event) ? seriesOf(event) : 1;
    batch.push(event);
  }
  flush();
  for (const replay of replays) replay.passTo(to);
  return isExhausted() ? { truncated: "work", reachedAt: reached() } : { truncated: null, reachedAt: to };
}

/** A poll counts for as many events as it has series. */
function seriesOf(event: MaruEvent): number {
  const { result } = polledOf(event);
  return result.ok ? Math.max(1, result.rows.length) : 1;
}

/** Events of one request have the same source and time of arrival. */
function isSameBatch(first: MaruEvent | undefined, event: MaruEvent): boolean {
  return first === undefined || (first.ingesttime === event.ingesttime && first.sourceid === event.sourceid);
}
