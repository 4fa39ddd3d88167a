import type { Labels, Notification, NotifiedAlert } from "../../../../contracts/alerts.ts";
import type { Json } from "../../../kernel/json.ts";
import type { Surroundings } from "./filters.rules.ts";
import type { Locale } from "./formats.rules.ts";
import type { TemplateContext } from "./render-template.rules.ts";

const words = {
  en: {
    firing: "Firing",
    resolved: "Resolved",
    flapping_started: "is flapping",
    flapping_stopped: "has stopped flapping",
    unnamed: "Alert",
    several: "alerts",
  },
  ko: {
    firing: "발생",
    resolved: "해소",
    flapping_started: "상태가 반복해서 바뀜",
    flapping_stopped: "상태 반복이 멈춤",
    unnamed: "알림",
    several: "알림",
  },
} as const;

/** What a template about a notification sees. */
export function messageContext(notification: Notification, { locale, now }: Surroundings): TemplateContext {
  const text = words[locale];
  const alerts = notification.alerts.map((alert) => alertContext(alert, locale, now));
  const names = new Map(notification.alerts.map((alert) => [alert.fingerprint, nameOf(alert, locale)]));
  const distinct = [...new Set(names.values())];
  return {
    id: notification.id,
    kind: notification.kind,
    status: notification.status,
    statusText: text[notification.status],
    repeat: notification.repeat,
    receiver: notification.receiver,
    name:
      distinct.length === 1
        ? (distinct[0] ?? text.unnamed)
        : `${notification.firingCount + notification.resolvedCount} ${text.several}`,
    groupLabels: notification.groupLabels,
    commonLabels: notification.commonLabels,
    commonAnnotations: notification.commonAnnotations,
    firingCount: notification.firingCount,
    resolvedCount: notification.resolvedCount,
    omitted: notification.omitted,
    alerts,
    firing: alerts.filter(({ status }) => status === "firing"),
    resolved: alerts.filter(({ status }) => status === "resolved"),
    notices: notification.notices.map(({ fingerprint, kind, at }) => ({
      fingerprint,
      kind,
      at,
      kindText: text[kind],
      name: names.get(fingerprint) ?? text.unnamed,
    })),
    now,
  };
}

function alertContext(alert: NotifiedAlert, locale: Locale, now: number): { readonly [name: string]: Json } {
  const { fingerprint, status, labels, annotations, startsAt, endsAt, acknowledgedBy } = alert;
  return {
    fingerprint,
    status,
    statusText: words[locale][status],
    name: nameOf(alert, locale),
    summary: annotations.summary ?? annotations.description ?? "",
    labels,
    annotations,
    startsAt,
    endsAt,
    durationMs: Math.max(0, (endsAt ?? now) - startsAt),
    acknowledgedBy: acknowledgedBy ?? null,
  };
}

function nameOf({ labels, annotations }: { labels: Labels; annotations: Labels }, locale: Locale): string {
  return labels.alertname ?? labels.name ?? annotations.title ?? words[locale].unnamed;
}
