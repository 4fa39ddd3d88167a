import * as z from "zod";
import { Duration, RuleTemplate } from "./rule-words.ts";
import { RunRequest } from "./runs.ts";

export const ActionOccasion = z.enum([
  "match",
  "firing",
  "resolved",
  "flappingStarted",
  "flappingStopped",
  "noData",
  "error",
]);
export type ActionOccasion = z.infer<typeof ActionOccasion>;

const ownHeaders = new Set([
  "authorization",
  "connection",
  "content-length",
  "cookie",
  "host",
  "idempotency-key",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "webhook-id",
  "webhook-signature",
  "webhook-timestamp",
]);

const HeaderName = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, "A header name of RFC 9110.")
  .refine(
    (name) => !ownHeaders.has(name.toLowerCase()),
    "Maru writes this header itself; credentials go into a secret named by secretName.",
  );

const SecretName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/, "A letter, then letters, digits, dot, hyphen or underscore.");

/** Nothing to set: the routing of alerts says who is told. */
export const NotifySettings = z.strictObject({});

/** Submits an evaluation as `POST /v1/runs:submit` does, in the rule's project. `dataset` and `name` are templates. */
export const JobSettings = z.strictObject({
  run: RunRequest.omit({ projectId: true, runAt: true, expiresAt: true }),
});
export type JobSettings = z.infer<typeof JobSettings>;

/** Calls an HTTP endpoint. Values in `url` are percent-encoded; its scheme and host hold no template. */
export const HttpSettings = z.strictObject({
  method: z.enum(["POST", "PUT", "PATCH", "DELETE", "GET"]).default("POST"),
  url: z.string().min(1).max(2_000),
  /** Values are templates. */
  headers: z
    .record(HeaderName, RuleTemplate)
    .refine((all) => Object.keys(all).length <= 20, "At most 20 headers.")
    .default({}),
  /**
   * A text is sent as text, anything else as JSON; every text in it is a template, and one that is a single
   * `{{ expression }}` becomes its value. Absent: the occasion itself, as a Standard Webhook.
   */
  body: z.json().optional(),
  /** A secret of the tenant: `signature` signs as Standard Webhooks (`whsec_…`), `bearer` sends it as a token. */
  secretName: SecretName.optional(),
  secretUse: z.enum(["signature", "bearer"]).default("signature"),
});
export type HttpSettings = z.infer<typeof HttpSettings>;

/**
 * Feeds other rules: an event `maru.rule.<occasion>` of the source `rule:<id of this rule>`, taken by rules whose
 * `sources` name that source or such a type. Texts in `with` are templates; they go into `data.with`.
 */
export const RuleSettings = z.strictObject({ with: z.record(z.string(), z.json()).default({}) });
export type RuleSettings = z.infer<typeof RuleSettings>;

const common = {
  id: z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/),
  on: z.array(ActionOccasion).min(1),
  /** `atMostOnce` marks the effect sent before it is sent: for phone calls. */
  delivery: z.enum(["atLeastOnce", "atMostOnce"]).default("atLeastOnce"),
  /** Overrides the rule's. */
  cooldownMs: Duration.optional(),
};

/** Something done besides keeping the alert. `settings` belongs to the kind of action. */
export const RuleAction = z.discriminatedUnion("kind", [
  z.strictObject({ ...common, kind: z.literal("notify"), settings: NotifySettings.prefault({}) }),
  z.strictObject({ ...common, kind: z.literal("job"), settings: JobSettings }),
  z.strictObject({ ...common, kind: z.literal("http"), settings: HttpSettings }),
  z.strictObject({ ...common, kind: z.literal("rule"), settings: RuleSettings.prefault({}) }),
]);
export type RuleAction = z.infer<typeof RuleAction>;

/** A rule's event to other rules has passed through this many rules at most. */
export const mostHops = 8;

export const EffectState = z.enum(["pending", "claimed", "sent", "retry", "dead", "suppressed"]);
export type EffectState = z.infer<typeof EffectState>;

/** What an action was to do once, and what became of it. */
export const RuleEffect = z
  .strictObject({
    /** The same for the same decision, however often it is replayed; receivers get it as `Idempotency-Key`. */
    key: z.string(),
    ruleId: z.string(),
    version: z.int(),
    actionId: z.string(),
    kind: z.enum(["job", "http", "rule"]),
    occasion: ActionOccasion,
    /** When it happened, in the time of the rule. */
    at: z.iso.datetime(),
    labels: z.record(z.string(), z.string()),
    /** The host that is called, the data set that is evaluated, or the type of the event. */
    target: z.string(),
    state: EffectState,
    /** Why it was held back. */
    reasons: z.array(z.string()),
    attempts: z.int(),
    nextAt: z.iso.datetime().nullable(),
    /** What the last attempt came to. */
    detail: z.string(),
    /** The job that it submitted. */
    jobId: z.string().nullable(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: "RuleEffect" });
export type RuleEffect = z.infer<typeof RuleEffect>;
