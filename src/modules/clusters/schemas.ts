import * as z from "zod";
import { PageQuery } from "../../kernel/page.ts";
import type { AgentPresence, LoggedCall, QueuedCommand } from "./port.ts";
import type { AgentRow, ClusterRow, EnrolmentRow, KeyRow, NamespaceRow } from "./tables.ts";

/** A name as Kubernetes has them for namespaces (RFC 1123 label). */
export const Namespace = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, "Lower-case letters, digits and hyphens, 63 at most.");

const fields = {
  name: z.string().trim().min(1).max(100),
  description: z.string().max(1000),
  /** The namespaces of the cluster that the tenant may use; null for all. */
  namespaces: z.array(Namespace).max(1000).nullable(),
};

export const CreateCluster = z.strictObject({
  name: fields.name,
  description: fields.description.default(""),
  namespaces: fields.namespaces.default(null),
});
export const UpdateCluster = z.strictObject({
  id: z.string(),
  name: fields.name.optional(),
  description: fields.description.optional(),
  namespaces: fields.namespaces.optional(),
});
export const ClusterRef = z.strictObject({ id: z.string() });

const instant = z.iso.datetime();

export const ClusterAgent = z
  .strictObject({
    id: z.string(),
    clusterId: z.string(),
    name: z.string(),
    status: z.enum(["active", "revoked"]),
    connected: z.boolean(),
    /** Calls go to the active one; a standby takes over when it is cut off. */
    role: z.enum(["active", "standby"]).nullable(),
    /** When it connected, or was cut off; null when it never was here. */
    since: instant.nullable(),
    softwareVersion: z.string(),
    platform: z.string(),
    hostname: z.string(),
    readOnly: z.boolean().nullable(),
    drivers: z.array(z.strictObject({ name: z.string(), reachable: z.boolean(), detail: z.string() })),
    publicKey: z.string(),
    keyMadeAt: instant,
    createdAt: instant,
    revokedAt: instant.nullable(),
    revokedBy: z.string().nullable(),
    version: z.int(),
  })
  .meta({ id: "ClusterAgent" });
export type ClusterAgent = z.infer<typeof ClusterAgent>;
export const ClusterAgents = z.strictObject({ items: z.array(ClusterAgent) });
export const AgentRef = z.strictObject({ id: z.string(), agentId: z.string() });

export const Cluster = z
  .strictObject({
    id: z.string(),
    ...fields,
    createdBy: z.string(),
    createdAt: instant,
    updatedAt: instant,
    version: z.int(),
  })
  .meta({ id: "Cluster" });
export type Cluster = z.infer<typeof Cluster>;

/** A cluster with who is connected now. */
export const ClusterState = z
  .strictObject({
    ...Cluster.shape,
    online: z.boolean(),
    agents: z.array(ClusterAgent),
    /** When its inventory was last told; null when never. */
    inventoryAt: instant.nullable(),
  })
  .meta({ id: "ClusterState" });

/** A token that makes a key the cluster's agent, once; it is shown in this answer only. */
export const ClusterEnrolment = z
  .strictObject({
    id: z.string(),
    clusterId: z.string(),
    token: z.string(),
    expiresAt: instant,
    /** What to run where the cluster is. */
    command: z.string(),
  })
  .meta({ id: "ClusterEnrolment" });

/** A key that commands are signed with: its public half. */
export const ClusterKey = z
  .strictObject({
    id: z.string(),
    clusterId: z.string(),
    publicKey: z.string(),
    validFrom: instant,
    validUntil: instant.nullable(),
  })
  .meta({ id: "ClusterKey" });

export const RotateKeys = z.strictObject({
  id: z.string(),
  /** How long agents that are away may take to hear of the new key; later ones must be enrolled again. */
  overlapHours: z
    .int()
    .min(1)
    .max(24 * 90)
    .default(24 * 30),
});
export const ClusterKeys = z.strictObject({ clusterId: z.string(), keys: z.array(ClusterKey) });

export const ClusterCall = z
  .strictObject({
    commandId: z.string(),
    clusterId: z.string(),
    at: instant,
    actor: z.string(),
    operation: z.string(),
    driver: z.string(),
    verb: z.string(),
    path: z.string(),
    agentId: z.string().nullable(),
    /** `unknown`: the answer was lost; `ran` and `did_not_run` are what the agent told of such a one later. */
    outcome: z.enum(["sent", "answered", "failed", "unknown", "ran", "did_not_run", "queued"]),
    status: z.int().nullable(),
    code: z.string().nullable(),
    durationMs: z.number().nullable(),
  })
  .meta({ id: "ClusterCall" });
export const CallQuery = z.strictObject({ ...PageQuery.shape, id: z.string() });
export const CallRef = z.strictObject({ id: z.string(), commandId: z.string() });

/** Whether the log of calls is as it was written: each entry is bound to the one before it by SHA-256. */
export const CallLogCheck = z
  .strictObject({
    clusterId: z.string(),
    intact: z.boolean(),
    entries: z.int(),
    head: z.string(),
    /** The number of the first entry that was changed. */
    brokenAt: z.int().nullable(),
    /** Daily heads of the log, signed, that the audit log holds and this log was held against. */
    seals: z.int(),
    /** The number of the first of them that the log doesn't hold, or that the cluster's key didn't sign. */
    brokenSeal: z.int().nullable(),
  })
  .meta({ id: "ClusterCallLogCheck" });

export const ClusterQueuedCommand = z
  .strictObject({
    commandId: z.string(),
    clusterId: z.string(),
    at: instant,
    expiresAt: instant,
    actor: z.string(),
    operation: z.string(),
    verb: z.string(),
    path: z.string(),
    state: z.enum(["queued", "sent", "applied", "conflict", "failed", "expired", "cancelled"]),
    status: z.int().nullable(),
    detail: z.string().nullable(),
  })
  .meta({ id: "ClusterQueuedCommand" });
export type ClusterQueuedCommand = z.infer<typeof ClusterQueuedCommand>;

/** A namespace of a cluster and the project that it belongs to. */
export const ClusterNamespace = z
  .strictObject({
    clusterId: z.string(),
    namespace: Namespace,
    projectId: z.string(),
    createdBy: z.string(),
    createdAt: instant,
  })
  .meta({ id: "ClusterProjectNamespace" });
export type ClusterNamespace = z.infer<typeof ClusterNamespace>;
export const NamespaceRef = z.strictObject({ id: z.string(), namespace: z.string() });
export const PutNamespace = z.strictObject({ id: z.string(), namespace: Namespace, projectId: z.string() });

const shown = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

export function clusterOf(row: ClusterRow): Cluster {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    namespaces: row.namespaces === null ? null : [...row.namespaces],
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    version: row.version,
  };
}

/** An agent as the database and the relay know it together. */
export function agentOf(row: AgentRow, presence: AgentPresence | undefined): ClusterAgent {
  const report = presence?.report ?? undefined;
  return {
    id: row.id,
    clusterId: row.clusterId,
    name: row.name,
    status: row.status,
    connected: presence?.connected ?? false,
    role: presence?.role ?? null,
    since: shown(presence?.since ?? null),
    softwareVersion: report?.version ?? row.softwareVersion,
    platform: report?.platform ?? row.platform,
    hostname: report?.hostname ?? row.hostname,
    readOnly: report?.readOnly ?? null,
    drivers: report?.drivers ?? [],
    publicKey: row.publicKey,
    keyMadeAt: row.keyMadeAt.toISOString(),
    createdAt: row.createdAt.toISOString(),
    revokedAt: row.revokedAt?.toISOString() ?? null,
    revokedBy: row.revokedBy,
    version: row.version,
  };
}

/** What an event tells of an enrolment: not the token. */
export function enrolmentFacts(row: EnrolmentRow) {
  return { id: row.id, clusterId: row.clusterId, expiresAt: row.expiresAt.toISOString() };
}

export function keyOf(row: KeyRow): z.infer<typeof ClusterKey> {
  return {
    id: row.id,
    clusterId: row.clusterId,
    publicKey: row.publicKey,
    validFrom: row.validFrom.toISOString(),
    validUntil: row.validUntil?.toISOString() ?? null,
  };
}

export function callOf(clusterId: string, { seq: _, at, ...call }: LoggedCall): z.infer<typeof ClusterCall> {
  return { ...call, clusterId, at: new Date(at).toISOString() };
}

export function queuedOf(clusterId: string, { at, expiresAt, ...rest }: QueuedCommand): ClusterQueuedCommand {
  return { ...rest, clusterId, at: new Date(at).toISOString(), expiresAt: new Date(expiresAt).toISOString() };
}

export function namespaceOf(row: NamespaceRow): ClusterNamespace {
  const { clusterId, namespace, projectId, createdBy, createdAt } = row;
  return { clusterId, namespace, projectId, createdBy, createdAt: createdAt.toISOString() };
}
