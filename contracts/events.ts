import * as z from "zod";

/** Any JSON value; what an event may carry as data. */
export const EventData = z.json();

/** Which scheme proved who sent the event; `none` when the source asks for no proof. */
export const EventProof = z.enum([
  "none",
  "token",
  "hmac",
  "standard-webhooks-v1",
  "standard-webhooks-v1a",
  "github",
  "internal",
]);
export type EventProof = z.infer<typeof EventProof>;

/** Names that a sender can't set: the gate writes them after it has verified the request. */
export const gateAttributes = [
  "tenantid",
  "sourceid",
  "ingesttime",
  "ingestseq",
  "verified",
  "timeadjusted",
] as const;

/** A CloudEvents attribute name as Maru accepts it: lower-case letters and digits, at most 20 (CloudEvents 1.0, 3.1). */
export const AttributeName = z.string().regex(/^[a-z0-9]{1,20}$/);

/**
 * One event inside Maru: the attributes of CloudEvents 1.0 with the instants already decoded, and what the gate adds.
 * All instants are integer milliseconds since 1970 UTC. (`source`, `id`) names the event: a repeat is a duplicate.
 */
export const MaruEvent = z.strictObject({
  id: z.string().min(1).max(512),
  source: z.string().min(1).max(2048),
  type: z.string().min(1).max(512),
  /** Event time: the sender's `time`, or `ingesttime` where that was missing or out of bounds. */
  time: z.int(),
  subject: z.string().optional(),
  datacontenttype: z.string().optional(),
  dataschema: z.string().optional(),
  /** Orders events of one source and one instant, compared as text. */
  sequence: z.string().optional(),
  /** Other extension attributes, by name. */
  extensions: z.record(AttributeName, z.union([z.string(), z.number(), z.boolean()])).optional(),
  data: EventData.optional(),
  /** Where the data lies in the blob store when it was too large to travel. */
  dataref: z.string().optional(),
  tenantid: z.string().min(1),
  sourceid: z.string().min(1),
  /** Processing time. */
  ingesttime: z.int(),
  /** Counts a source's events; breaks the last tie of an order. */
  ingestseq: z.int().nonnegative(),
  verified: EventProof,
  /** The sender's time was out of bounds, so `time` is `ingesttime`. */
  timeadjusted: z.boolean().optional(),
});
export type MaruEvent = z.infer<typeof MaruEvent>;
