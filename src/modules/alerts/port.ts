import type { Notification, RoutingConfig } from "../../../contracts/alerts.ts";
import type { Entry, EntryKind } from "./entries/entry.ts";
import type { NotificationExplanation } from "./explain-notification.ts";
import type { HubCommand, HubReply } from "./hub/commands.ts";
import type { AlertChanges, AlertFilter, AlertsPage, AlertView, SilenceView } from "./views.ts";

/** The audit event of a change that the object makes; stored with the change. */
export interface AlertEvent {
  readonly id: string;
  readonly at: number;
  readonly actor: { readonly kind: "user" | "api_key" | "system" | "anonymous"; readonly id: string };
  readonly action: string;
  readonly entity: string;
  readonly before?: unknown;
  readonly after?: unknown;
  readonly requestId: string;
  readonly traceId: string;
  readonly address?: string;
}

/** A tenant's alerts: the object that is the truth about them. */
export interface AlertsPort {
  /** Decides one command; its event is recorded when it wasn't refused. */
  execute<C extends HubCommand>(tenantId: string, command: C, event?: AlertEvent): Promise<HubReply<C>>;
  find(tenantId: string, fingerprint: string): Promise<AlertView | null>;
  list(tenantId: string, filter: AlertFilter, after: string, limit: number): Promise<AlertsPage>;
  /** What happened to alerts after a change; waits so long for the first. After null: nothing, but where it ends now. */
  changes(tenantId: string, after: number | null, waitMs: number): Promise<AlertChanges>;
  silences(tenantId: string): Promise<readonly SilenceView[]>;
  routing(tenantId: string): Promise<RoutingConfig>;
  explain(tenantId: string, fingerprint: string, at: number): Promise<NotificationExplanation | null>;
  /** What is written down of a kind, in the order of ids. */
  entries<K extends EntryKind>(tenantId: string, kind: K): Promise<readonly Entry<K>[]>;
  entry<K extends EntryKind>(tenantId: string, kind: K, id: string): Promise<Entry<K> | null>;
  notification(tenantId: string, id: string): Promise<Notification | null>;
}

declare module "../../kernel/ports/ports.ts" {
  interface Ports {
    readonly alerts: AlertsPort;
  }
}
