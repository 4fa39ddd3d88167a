import type { Notification } from "../../../../contracts/alerts.ts";
import type { MessageKind } from "./default-templates.ts";

/** A notification to try templates on: what a message of this kind would be about. `now` in epoch milliseconds. */
export function sampleNotification(kind: MessageKind, now: number): Notification {
  const common = { alertname: "HighErrorRate", service: "chat-api", severity: "critical" };
  const summary = { summary: "5xx responses are above 5% <for> 2 minutes" };
  const firing = {
    fingerprint: "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0",
    status: "firing" as const,
    labels: { ...common, instance: "seoul-1" },
    annotations: { ...summary, runbook: "https://runbooks.example/high-error-rate" },
    startsAt: now - 754_000,
    endsAt: null,
  };
  const resolved = {
    fingerprint: "1f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0",
    status: "resolved" as const,
    labels: { ...common, instance: "busan-1" },
    annotations: summary,
    startsAt: now - 5_400_000,
    endsAt: now - 60_000,
  };
  const alerts = kind === "resolved" ? [resolved] : [firing, resolved];
  return {
    id: "ntf_sample",
    tenantId: "sample",
    channelId: "sample",
    receiver: "operations",
    kind: kind === "digest" ? "digest" : "group",
    status: kind === "resolved" ? "resolved" : "firing",
    repeat: false,
    groupKey: '{}:{alertname="HighErrorRate"}',
    groupLabels: kind === "digest" ? {} : { alertname: "HighErrorRate" },
    commonLabels: common,
    commonAnnotations: summary,
    firingCount: kind === "resolved" ? 0 : 1,
    resolvedCount: 1,
    alerts,
    omitted: 0,
    notices: [],
    atMostOnce: false,
    createdAt: now,
  };
}
