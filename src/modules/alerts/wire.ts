import type * as z from "zod";
import type { NotificationExplanation } from "./explain-notification.ts";
import type { Alert, AlertInDetail, Explanation, SavedSilence } from "./schemas.ts";
import type { AlertChange, AlertView, SilenceView } from "./views.ts";

const instant = (at: number): string => new Date(at).toISOString();

/** An alert as it goes over the wire. */
export function alertOf({ timeline: _, ...view }: AlertView): z.infer<typeof Alert> {
  return {
    ...view,
    labels: { ...view.labels },
    annotations: { ...view.annotations },
    startsAt: instant(view.startsAt),
    endsAt: view.endsAt === null ? null : instant(view.endsAt),
  };
}

/** A change as it goes over the wire. */
export function alertChangeOf({ alert, at, data, ...change }: AlertChange) {
  return {
    ...change,
    at: instant(at),
    data: { ...data },
    alert: alert === null ? null : alertOf({ ...alert, timeline: [] }),
  };
}

/** An alert with its timeline. */
export function alertInDetailOf(view: AlertView): z.infer<typeof AlertInDetail> {
  const timeline = view.timeline.map(({ at, type, data }) => ({ at: instant(at), type, data: { ...data } }));
  return { ...alertOf(view), timeline };
}

/** A silence as it goes over the wire. */
export function silenceOf(view: SilenceView): z.infer<typeof SavedSilence> {
  const { id, matchers, startsAt, endsAt, reason, untilResolved, createdBy, state, suppressing } = view;
  return {
    id,
    matchers: [...matchers],
    startsAt: instant(startsAt),
    endsAt: instant(endsAt),
    reason,
    untilResolved: untilResolved ?? false,
    createdBy,
    state,
    suppressing,
  };
}

/** An explanation as it goes over the wire. */
export function explanationOf(found: NotificationExplanation): z.infer<typeof Explanation> {
  return {
    fingerprint: found.fingerprint,
    at: instant(found.at),
    status: found.status ?? null,
    answers: found.answers.map(({ at, notificationId, delivery, reasons, ...answer }) => ({
      ...answer,
      since: instant(at),
      reasons: [...reasons],
      notificationId: notificationId ?? null,
      delivery: delivery ?? null,
    })),
    waiting: found.waiting.map((group) => ({ ...group, until: instant(group.until) })),
  };
}
