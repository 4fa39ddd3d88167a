import type { EventFacts } from "../../db/write.ts";
import type { AuditEvent } from "./schemas.ts";
import type { EventRow } from "./store.ts";

/** An event as the API shows it. */
export function toEvent(row: EventRow): AuditEvent {
  const { id, at, actorKind, actorId, action, resource, projectId, digest, seq, chainHash } = row;
  return {
    id,
    at: at.toISOString(),
    actor: { kind: actorKind, id: actorId },
    action,
    resource,
    projectId,
    before: row.before ?? null,
    after: row.after ?? null,
    address: row.address,
    requestId: row.requestId,
    traceId: row.traceId,
    digest,
    seq,
    chainHash,
  };
}

/** What a stored event says, as it was when its digest was made. */
export function factsOf(row: EventRow): EventFacts {
  return {
    id: row.id,
    tenantId: row.tenantId,
    now: row.at,
    actor: { kind: row.actorKind, id: row.actorId },
    action: row.action,
    entity: row.resource,
    before: row.before,
    after: row.after,
    requestId: row.requestId ?? "",
    traceId: row.traceId ?? "",
    ...(row.projectId === null ? {} : { projectId: row.projectId }),
    ...(row.address === null ? {} : { address: row.address }),
  };
}
