import type { DraftEvent } from "../../../../contracts/backtest.ts";
import type { MaruEvent } from "../../../../contracts/events.ts";
import type { RuleDefinition } from "../../../../contracts/rules.ts";
import type { Ctx } from "../../../kernel/context.ts";
import { problem } from "../../../kernel/problem.ts";
import { readHistory } from "../../sources/index.ts";
import { pollSourceId } from "../polling/polled-event.rules.ts";
import { draftedEvents } from "./drafted-events.rules.ts";
import { mergeArrivals } from "./merge-arrivals.ts";

export interface ReplaySpan {
  /** Epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  readonly events: AsyncIterable<MaruEvent> | readonly MaruEvent[];
}

interface Asked {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly sourceIds?: readonly string[] | undefined;
  readonly events?: readonly DraftEvent[] | undefined;
}

/** Time that passes after the last of the events that were given, so that windows and alerts can end. */
const settleMs = 3_600_000;
const longestMs = 92 * 86_400_000;

/**
 * What a backtest replays: the events that came with the request, or the history of the sources that the rules hear and of their polls.
 * @throws invalid_input `rules.backtest_span`, `rules.nothing_to_replay`
 */
export function replayedEvents(
  ctx: Ctx,
  ruleId: string,
  asked: Asked,
  definitions: readonly RuleDefinition[],
): ReplaySpan {
  if (asked.events !== undefined) {
    refusePolled(definitions);
    const events = draftedEvents(asked.events, ctx.tenantId, ctx.now.getTime());
    const [first, last] = [events[0], events.at(-1)];
    const from = asked.from === undefined ? first?.ingesttime : Date.parse(asked.from);
    const to = asked.to === undefined ? last && last.ingesttime + settleMs : Date.parse(asked.to);
    const span = spanOf(from, to);
    const within = events.filter(({ ingesttime }) => ingesttime >= span.from && ingesttime < span.to);
    return { ...span, events: within };
  }
  const given = [asked.from, asked.to].map((at) => (at === undefined ? undefined : Date.parse(at)));
  const span = spanOf(given[0], given[1]);
  return { ...span, events: mergeArrivals(historiesOf(ctx, ruleId, asked, definitions, span)) };
}

/** What sources let in for rules that hear them, and what polls came to for those that poll. */
function historiesOf(
  ctx: Ctx,
  ruleId: string,
  asked: Asked,
  definitions: readonly RuleDefinition[],
  span: Pick<ReplaySpan, "from" | "to">,
): AsyncIterable<MaruEvent>[] {
  const { blobs } = ctx.ports;
  const polled = definitions.flatMap(({ trigger }) =>
    trigger.kind === "metric" ? [pollSourceId(ruleId, trigger.metric)] : [],
  );
  const hearing = definitions.filter(({ trigger }) => trigger.kind !== "metric");
  const histories: AsyncIterable<MaruEvent>[] = [];
  if (hearing.length > 0) {
    const sourceIds = asked.sourceIds ?? heardSources(hearing);
    const filter = { ...span, ...(sourceIds === undefined ? {} : { sourceIds }) };
    histories.push(readHistory(blobs, ctx.tenantId, filter));
  }
  if (polled.length > 0)
    histories.push(readHistory(blobs, ctx.tenantId, { ...span, sourceIds: polled, polls: true }));
  return histories;
}

function refusePolled(definitions: readonly RuleDefinition[]): void {
  if (definitions.every(({ trigger }) => trigger.kind !== "metric")) return;
  const message = "Events don't reach a rule that polls.";
  throw problem(
    "invalid_input",
    "rules.nothing_to_replay",
    `${message} Leave them out to replay what its polls measured, or give samples in a rule test.`,
    {
      errors: [{ pointer: "/events", code: "metric", message }],
    },
  );
}

function spanOf(from: number | undefined, to: number | undefined): { from: number; to: number } {
  const wrong = (field: string, message: string) =>
    problem("invalid_input", "rules.backtest_span", message, {
      errors: [{ pointer: `/${field}`, code: "span", message }],
    });
  if (from === undefined) throw wrong("from", "Say from when, or give events.");
  if (to === undefined) throw wrong("to", "Say until when, or give events.");
  if (to <= from) throw wrong("to", "The end must be after the beginning.");
  if (to - from > longestMs) throw wrong("to", "A backtest covers 92 days at most.");
  return { from, to };
}

/** The sources that matter to rules that all name theirs; undefined: any. */
function heardSources(definitions: readonly RuleDefinition[]): string[] | undefined {
  const all = definitions.map(({ sources }) => sources.sourceIds);
  return all.some((ids) => ids.length === 0) ? undefined : [...new Set(all.flat())];
}
