import type { MaruEvent } from "../../../../contracts/events.ts";
import type { MetricTarget } from "../../../../contracts/rule-metrics.ts";
import { type PollEntry, pollId } from "./clock-plan.rules.ts";
import type { PollResult } from "./fed-inputs.rules.ts";

/** A poll's result as the history keeps it. */
interface PolledData {
  readonly intervalMs: number;
  readonly result: PollResult;
}

/** Where the history keeps what a rule's metric was polled for: another question is another place. */
export const pollSourceId = (ruleId: string, metric: MetricTarget): string =>
  sourceIdOf(pollId(ruleId, metric));

const sourceIdOf = (id: string): string => `poll_${id.replace(".", "_")}`;

/** The result of a poll as an event, for the history; `at` is when it was there, `dueAt` what it counts for. */
export function polledEvent(
  tenantId: string,
  { id, ruleId }: PollEntry,
  polled: PolledData & { readonly dueAt: number },
  at: number,
): MaruEvent {
  const { dueAt, intervalMs, result } = polled;
  return {
    id: `${id}@${dueAt}`,
    source: `/rules/${ruleId}/polls`,
    type: "maru.rule.polled",
    time: dueAt,
    data: { intervalMs, result } as unknown as NonNullable<MaruEvent["data"]>,
    tenantid: tenantId,
    sourceid: sourceIdOf(id),
    ingesttime: at,
    ingestseq: at * 1000,
    verified: "internal",
  };
}

export const isPolled = ({ sourceid }: MaruEvent): boolean => sourceid.startsWith("poll_");

/** What a kept poll came to. */
export const polledOf = ({ data }: MaruEvent): PolledData => data as unknown as PolledData;
