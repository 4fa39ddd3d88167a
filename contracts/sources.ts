import * as z from "zod";

/** What a source speaks; decides how a body becomes events and how its sender proves itself. */
export const sourceKinds = [
  "cloudevents",
  "standard-webhooks",
  "alertmanager",
  "grafana",
  "github",
  "generic-json",
] as const;
export const SourceKind = z.enum(sourceKinds);
export type SourceKind = z.infer<typeof SourceKind>;

/** `signature`: the kind's own signature by one of the source's secrets. `token`: the token of the source's URL. */
export const SourceProof = z.enum(["signature", "token", "none"]);
export type SourceProof = z.infer<typeof SourceProof>;

/** `direct`: answered when the rules have taken the events. `queued`: when a queue has, which rules take from in packs. */
export const sourceDeliveries = ["direct", "queued"] as const;
export const SourceDelivery = z.enum(sourceDeliveries);

/** A JSON pointer (RFC 6901) into one item of the body. */
const Pointer = z
  .string()
  .max(500)
  .regex(/^(\/([^~/]|~[01])*)*$/, "A JSON pointer such as /event/id.");

/** Where a body of JSON without a format of its own carries what an event needs. */
export const SourceMapping = z.strictObject({
  id: Pointer.optional(),
  type: Pointer.optional(),
  time: Pointer.optional(),
  subject: Pointer.optional(),
  /** The type of events in which `type` points at nothing. */
  defaultType: z.string().min(1).max(256).default("generic.event"),
});
export type SourceMapping = z.infer<typeof SourceMapping>;

/** Why a request or an event was set aside. */
export const setAsideReasons = [
  "malformed",
  "invalid",
  "unauthenticated",
  "stale",
  "oversized",
  "rate_limited",
  "paused",
  "late",
  "duplicate",
  "undeliverable",
] as const;
export const SetAsideReason = z.enum(setAsideReasons);
export type SetAsideReason = z.infer<typeof SetAsideReason>;
