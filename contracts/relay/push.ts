import * as z from "zod";

/** An object that the agent's watch saw, as small as the inventory needs it. `key`: `group/plural/namespace/name` (`core/nodes//n1`); `summary` as `summaries.ts` has it. */
export const WatchedObject = z.strictObject({
  key: z.string().max(600),
  uid: z.string().max(100),
  resourceVersion: z.string().max(100),
  /** A summary that the agent made: names, states, sizes and links, never a secret. */
  summary: z.record(z.string(), z.unknown()),
});
export type WatchedObject = z.infer<typeof WatchedObject>;

/**
 * What changed since the last push of this agent. `full`: with this push everything there is of the named kinds has been
 * told, in one push or in several of the same `at`; what is known of these kinds from another instant is gone.
 */
export const InventoryPush = z.strictObject({
  type: z.literal("inventory"),
  at: z.int(),
  full: z.array(z.string()).optional(),
  changed: z.array(WatchedObject).max(1000),
  removed: z.array(z.string()).max(1000),
});

/** An event of the cluster, in the cluster's own words. */
export const ClusterEvent = z.strictObject({
  /** `uid` and `count` of the Kubernetes event, so that a repeat is known. */
  id: z.string().max(200),
  at: z.int(),
  reason: z.string().max(200),
  type: z.string().max(50),
  message: z.string().max(2000),
  object: z.strictObject({
    kind: z.string().max(100),
    namespace: z.string().max(100).nullable(),
    name: z.string().max(300),
    uid: z.string().max(100).nullable(),
  }),
});
export type ClusterEvent = z.infer<typeof ClusterEvent>;

export const EventsPush = z.strictObject({
  type: z.literal("events"),
  events: z.array(ClusterEvent).max(500),
});

/** What an agent tells by itself, kept by it until the relay has stored it. */
export const Push = z.discriminatedUnion("type", [InventoryPush, EventsPush]);
export type Push = z.infer<typeof Push>;

const decoder = new TextDecoder();

/** A push from its bytes; undefined for what is none. */
export function readPush(bytes: Uint8Array): Push | undefined {
  try {
    return Push.parse(JSON.parse(decoder.decode(bytes)));
  } catch {
    return undefined;
  }
}
