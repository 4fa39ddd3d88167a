import type { DraftEvent } from "../../../../contracts/backtest.ts";
import type { MaruEvent } from "../../../../contracts/events.ts";

/** Where events come from that an author writes without saying it. */
export const draftSource = "draft";

/** Events that an author wrote, as the gate would have let them in: in the order of their arrival. */
export function draftedEvents(drafts: readonly DraftEvent[], tenantId: string, now: number): MaruEvent[] {
  const events = drafts.map((draft, index): MaruEvent => {
    const { id = `draft-${index + 1}`, source = draftSource, sourceId = draftSource, ...rest } = draft;
    const { time, arrivedAt, data, subject, type } = rest;
    const arrival = Date.parse(arrivedAt ?? time ?? new Date(now).toISOString());
    return {
      id,
      source,
      type,
      time: time === undefined ? arrival : Date.parse(time),
      ...(subject === undefined ? {} : { subject }),
      ...(data === undefined ? {} : { data }),
      tenantid: tenantId,
      sourceid: sourceId,
      ingesttime: arrival,
      ingestseq: arrival * 1000 + (index % 1000),
      verified: "internal",
    };
  });
  return events.sort((a, b) => a.ingesttime - b.ingesttime || a.ingestseq - b.ingestseq);
}
