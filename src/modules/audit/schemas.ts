import * as z from "zod";
import { PageQuery, pageOf } from "../../kernel/page.ts";

const words = (example: string) =>
  z
    .string()
    .min(1)
    .max(200)
    .regex(/^[\x21-\x7e]+$/, "Visible ASCII characters.")
    .meta({ examples: [example] });

const filters = {
  from: z.iso.datetime({ offset: true }).describe("The earliest instant, inclusive.").optional(),
  to: z.iso.datetime({ offset: true }).describe("The latest instant, exclusive.").optional(),
  actor: words("user:usr_1").describe("Who acted: `kind:id`, or an id alone.").optional(),
  action: words("evaluation.dataset")
    .describe("An action, or its beginning up to a dot: `evaluation.dataset`.")
    .optional(),
  resource: words("dataset:ds_1").describe("A resource `type:id`, or a type alone.").optional(),
  projectId: words("prj_1").optional(),
};

export const AuditQuery = PageQuery.extend(filters);
export type AuditQuery = z.infer<typeof AuditQuery>;

export const AuditExportQuery = z.strictObject({
  ...filters,
  format: z.enum(["jsonl", "csv"]).default("jsonl"),
});
export type AuditExportQuery = z.infer<typeof AuditExportQuery>;

export const AuditEvent = z
  .strictObject({
    id: z.string(),
    at: z.iso.datetime(),
    actor: z.strictObject({
      kind: z.enum(["user", "api_key", "system", "anonymous"]),
      id: z.string(),
    }),
    action: z.string(),
    resource: z.string(),
    projectId: z.string().nullable(),
    before: z.unknown().describe("How the resource looked, without secrets; null when it was created."),
    after: z.unknown().describe("How it looks since, without secrets; null when it was deleted."),
    address: z.string().nullable(),
    requestId: z.string().nullable(),
    traceId: z.string().nullable(),
    digest: z.string().describe("SHA-256 of the canonical JSON of what the event says."),
    seq: z.number().int().nullable().describe("The place in the tenant's chain; null until it is chained."),
    chainHash: z
      .string()
      .nullable()
      .describe("SHA-256 of the previous event's chain hash, `|` and this digest."),
  })
  .meta({ id: "AuditEvent" });
export type AuditEvent = z.infer<typeof AuditEvent>;

export const AuditEventPage = pageOf(AuditEvent);

export const VerifyAudit = z.strictObject({
  after: z
    .number()
    .int()
    .min(0)
    .default(0)
    .describe("Continue after this place: `nextAfter` of the last answer."),
  limit: z.number().int().min(1).max(100_000).default(50_000).describe("Check so many events at most."),
});

export const AuditVerdict = z
  .strictObject({
    ok: z.boolean(),
    checked: z.number().int(),
    sealed: z.number().int().describe("Events that the ledger has chained."),
    unsealed: z.number().int().describe("Events that wait to be chained."),
    head: z.strictObject({ seq: z.number().int(), hash: z.string() }).describe("What the ledger remembers."),
    firstFault: z
      .strictObject({
        seq: z.number().int().nullable(),
        eventId: z.string().nullable(),
        kind: z.enum(["changed", "missing", "reordered", "truncated", "added"]),
      })
      .nullable(),
    nextAfter: z.number().int().nullable().describe("Where to continue; null when the end was reached."),
  })
  .meta({ id: "AuditVerdict" });
export type AuditVerdict = z.infer<typeof AuditVerdict>;
