import type { AlertsPort } from "../modules/alerts/index.ts";
import type { Env } from "../platform/env.ts";
import { alertsOf } from "../platform/objects.ts";

/** The tenants' alert objects behind the port. */
export function alertsPort(env: Env): AlertsPort {
  // The RPC types lose generic methods and read-only lists; the object's own methods have these very types.
  const of = (tenantId: string) =>
    alertsOf(env, tenantId) as unknown as {
      execute: (command: unknown, event: unknown) => Promise<never>;
      find: (fingerprint: string) => ReturnType<AlertsPort["find"]>;
      list: (filter: unknown, after: string, limit: number) => ReturnType<AlertsPort["list"]>;
      changes: (after: number | null, waitMs: number) => ReturnType<AlertsPort["changes"]>;
      silences: () => ReturnType<AlertsPort["silences"]>;
      routing: () => ReturnType<AlertsPort["routing"]>;
      explain: (fingerprint: string, at: number) => ReturnType<AlertsPort["explain"]>;
      entries: (kind: string) => Promise<never>;
      entry: (kind: string, id: string) => Promise<never>;
      notification: (id: string) => ReturnType<AlertsPort["notification"]>;
    };
  return {
    execute: (tenantId, command, event) => of(tenantId).execute(command, event ?? null),
    find: (tenantId, fingerprint) => of(tenantId).find(fingerprint),
    list: (tenantId, filter, after, limit) => of(tenantId).list(filter, after, limit),
    changes: (tenantId, after, waitMs) => of(tenantId).changes(after, waitMs),
    silences: (tenantId) => of(tenantId).silences(),
    routing: (tenantId) => of(tenantId).routing(),
    explain: (tenantId, fingerprint, at) => of(tenantId).explain(fingerprint, at),
    entries: (tenantId, kind) => of(tenantId).entries(kind),
    entry: (tenantId, kind, id) => of(tenantId).entry(kind, id),
    notification: (tenantId, id) => of(tenantId).notification(id),
  };
}
