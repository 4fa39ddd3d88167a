import type { HotState, JobStore } from "./job-store.ts";
import { permitLifeMs } from "./permits.rules.ts";
import { queuePartsOf } from "./queue-key.ts";

/**
 * When the next `tick` is needed: the first due job, the end of a queue's refusal, or the age of an unanswered permit.
 * A time in the past means at once; null means that only a command can move anything.
 */
export function nextWakeAt(store: Pick<JobStore, "firstDue">, hot: HotState, now: number): number | null {
  if (hot.chores.length > 0) return now;
  const times: number[] = [];
  const due = store.firstDue();
  if (due !== null) times.push(due);
  for (const { refused } of Object.values(hot.queues)) {
    if (refused !== undefined && refused.until !== null) times.push(Math.max(refused.until, now + 1));
  }
  for (const [key, entries] of Object.entries(hot.permits)) {
    const oldest = entries[0];
    if (oldest !== undefined && hasWork(hot, key)) times.push(oldest[0] + permitLifeMs);
  }
  return times.length === 0 ? null : Math.min(...times);
}

/** Whether the tenant has claimable work in the lane of the permit key. */
function hasWork(hot: HotState, permitKey: string): boolean {
  return Object.entries(hot.queues).some(
    ([queue, use]) =>
      use.steps > 0 && use.refused === undefined && queuePartsOf(queue).permitKey === permitKey,
  );
}
