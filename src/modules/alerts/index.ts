/** What other modules and the alerts object may use: the hub's decisions, what is shown, and the port. */
export type { Entry, EntryKind } from "./entries/entry.ts";
export { explainNotification, type NotificationExplanation } from "./explain-notification.ts";
export { alertFingerprint } from "./fingerprint.ts";
export type { HubCommand, HubReply } from "./hub/commands.ts";
export { HubCache } from "./hub/compiled-routing.ts";
export { decideAlerts } from "./hub/decide-alerts.ts";
export type { NotifyEffect } from "./hub/hub-decision.ts";
export { MemoryHubStore } from "./hub/memory-store.ts";
export { listAlertRows } from "./list-alert-rows.ts";
export type { AlertEvent, AlertsPort } from "./port.ts";
export { withoutEscalations } from "./routing/without-escalations.rules.ts";
export { silenceState } from "./silences/silence.rules.ts";
export { silenceCounts } from "./silences/silence-counts.ts";
export {
  type AlertChanges,
  type AlertFilter,
  type AlertsPage,
  type AlertView,
  alertViewOf,
  type SilenceView,
} from "./views.ts";
