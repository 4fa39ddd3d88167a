import * as z from "zod";
import {
  SetAsideReason,
  SourceDelivery,
  SourceKind,
  SourceMapping,
  SourceProof,
} from "../../../contracts/sources.ts";
import { PageQuery } from "../../kernel/page.ts";
import type { SetAsideRow, SourceRow } from "./tables.ts";

const SecretName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/, "A letter, then letters, digits, dot, hyphen or underscore.");

const day = 86_400_000;

const Limits = z.strictObject({
  requestsPerMinute: z.int().min(1).max(1_000_000).nullable().default(null),
  maxBodyBytes: z
    .int()
    .min(1024)
    .max(5 * 1024 * 1024)
    .default(1024 * 1024),
  maxPastMs: z
    .int()
    .nonnegative()
    .max(366 * day)
    .default(7 * day),
  maxFutureMs: z.int().nonnegative().max(day).default(300_000),
  retentionDays: z.int().min(0).max(90).default(7),
});

const Types = z
  .record(z.string().min(1).max(256), z.record(z.string(), z.json()))
  .refine((types) => Object.keys(types).length <= 200, "At most 200 types.")
  .refine((types) => JSON.stringify(types).length <= 200_000, "At most 200,000 characters of schemas.");

const fields = {
  name: z.string().min(1).max(200),
  proof: SourceProof,
  delivery: SourceDelivery,
  /** JSON Schema of the data by type of event: so that rules know integers from numbers. */
  types: Types,
  mapping: SourceMapping,
  limits: Limits,
  /** Origins that the CloudEvents handshake lets in; empty lets in all. */
  allowedOrigins: z.array(z.string().min(1).max(255)).max(50),
};

export const CreateSource = z.strictObject({
  name: fields.name,
  kind: SourceKind,
  proof: SourceProof.default("token"),
  /** `queued` for sources of many events: answered once a queue has them, and rules take them in packs. */
  delivery: fields.delivery.default("direct"),
  /** Names in the secret store of the secrets that signatures are checked with: any of them is accepted. */
  secretNames: z.array(SecretName).max(4).default([]),
  types: fields.types.prefault({}),
  mapping: fields.mapping.prefault({}),
  limits: fields.limits.prefault({}),
  allowedOrigins: fields.allowedOrigins.default([]),
  projectId: z.string().optional(),
});

export const UpdateSource = z.strictObject({
  id: z.string(),
  name: fields.name.optional(),
  proof: fields.proof.optional(),
  delivery: fields.delivery.optional(),
  types: fields.types.optional(),
  mapping: fields.mapping.optional(),
  limits: fields.limits.optional(),
  allowedOrigins: fields.allowedOrigins.optional(),
});

export const RotateSourceSecret = z.strictObject({
  id: z.string(),
  /** The new secret's name in the secret store. Without one the token of the URL is renewed. */
  secretName: SecretName.optional(),
  /** How long what is replaced is still accepted. */
  overlapHours: z.int().min(0).max(720).default(24),
});

export const Source = z
  .strictObject({
    id: z.string(),
    projectId: z.string().nullable(),
    ...fields,
    kind: SourceKind,
    status: z.enum(["active", "paused"]),
    secrets: z.array(z.strictObject({ name: SecretName, until: z.iso.datetime().nullable() })),
    /** Where events are posted; the token follows it as a further segment. */
    path: z.string(),
    createdBy: z.string(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    version: z.int(),
  })
  .meta({ id: "Source" });
export type Source = z.infer<typeof Source>;

/** A source with the token of its URL, which is shown once; null when the token did not change. */
export const SourceWithToken = z
  .strictObject({ ...Source.shape, token: z.string().nullable() })
  .meta({ id: "SourceWithToken" });

export const SourceRef = z.strictObject({ id: z.string() });

export const SetAside = z
  .strictObject({
    id: z.string(),
    sourceId: z.string(),
    reason: SetAsideReason,
    at: z.iso.datetime(),
    eventId: z.string().nullable(),
    eventType: z.string().nullable(),
    detail: z.string(),
    errors: z.array(z.strictObject({ pointer: z.string(), code: z.string(), message: z.string() })),
    bytes: z.int(),
    replayable: z.boolean(),
    replayedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: "SetAside" });
export type SetAside = z.infer<typeof SetAside>;

export const SetAsideQuery = z.strictObject({
  ...PageQuery.shape,
  id: z.string(),
  reason: SetAsideReason.optional(),
});
export const SetAsideRef = z.strictObject({ id: z.string(), setAsideId: z.string() });

/** What became of the events of one request. Of a queued source, repeats and late events show later in its intake. */
export const Accepted = z
  .strictObject({
    accepted: z.int(),
    /** Known by their (`source`, `id`). */
    duplicate: z.int(),
    /** Too late for a rule's windows. */
    late: z.int(),
    rejected: z.int(),
    errors: z.array(z.strictObject({ pointer: z.string(), code: z.string(), message: z.string() })),
  })
  .meta({ id: "AcceptedEvents" });
export type Accepted = z.infer<typeof Accepted>;

/** A source as it goes over the wire: without its tokens. */
export function sourceOf(row: SourceRow): Source {
  const { tenantId: _, writeId: __, tokens: ___, ...rest } = row;
  return {
    ...rest,
    types: row.types as Source["types"],
    secrets: [...row.secrets],
    allowedOrigins: [...row.allowedOrigins],
    path: `/in/${row.id}`,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

export function setAsideOf(row: SetAsideRow): SetAside {
  const { tenantId: _, blobKey, at, replayedAt, errors, ...rest } = row;
  return {
    ...rest,
    errors: [...errors],
    at: at.toISOString(),
    replayable: blobKey !== null,
    replayedAt: replayedAt?.toISOString() ?? null,
  };
}
