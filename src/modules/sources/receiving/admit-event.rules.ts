import type { MaruEvent } from "../../../../contracts/events.ts";
import type { EventDraft, GateFacts } from "./event-draft.ts";

/**
 * The event with what the gate adds. A time outside `[now − maxPast, now + maxFuture]` becomes the time of arrival and
 * the event says so. `index` is the place in its request, at most 999: `ingestseq` is milliseconds · 1000 + index.
 */
export function admitEvent(draft: EventDraft, gate: GateFacts, index: number): MaruEvent {
  const { time: told } = draft;
  const { now, tenantId, sourceId, verified } = gate;
  const within = told !== null && told >= now - gate.maxPastMs && told <= now + gate.maxFutureMs;
  const event = {
    ...draft,
    time: within ? told : now,
    tenantid: tenantId,
    sourceid: sourceId,
    ingesttime: now,
    ingestseq: now * 1000 + index,
    verified,
  };
  return told === null || within ? event : { ...event, timeadjusted: true };
}
