import * as z from "zod";

const names = z.array(z.string().min(1).max(253)).min(1);

/** One rule of the agent's policy. An absent list matches everything, but `subresources`, which then match none. `*` matches all; a `*` at the end a prefix. */
export const PolicyRule = z.strictObject({
  verbs: names,
  apiGroups: z.array(z.string().max(253)).min(1),
  resources: names,
  subresources: z.array(z.string().min(1)).min(1).optional(),
  /** Matches objects of these namespaces only; absent, also cluster-wide objects and lists across all namespaces. */
  namespaces: names.optional(),
  names: names.optional(),
  /** Allow rules: the largest body that may be sent. */
  maxBodyBytes: z.int().positive().optional(),
  /** Allow rules on Secrets: only objects that carry this label, with cloud-init's own keys. */
  label: z.string().max(300).optional(),
});
export type PolicyRule = z.infer<typeof PolicyRule>;

/** What is refused unless the local administrator lifts it by name. */
export const guards = [
  "secrets",
  "exec",
  "attach",
  "portforward",
  "node-proxy",
  "pod-proxy",
  "rbac",
  "tokens",
  "webhooks",
  "risky-settings",
  "private-keys",
  "system-namespaces",
] as const;
export type Guard = (typeof guards)[number];

/** The policy part of agent.yaml. */
export const Policy = z.strictObject({
  /** Nothing but get, list and watch, whatever the rules say. */
  readOnly: z.boolean().default(false),
  /** `harvester`: the rules that Harvester's own screens need; `none`: only those below. */
  defaults: z.enum(["harvester", "none"]).default("harvester"),
  allow: z.array(PolicyRule).max(500).default([]),
  deny: z.array(PolicyRule).max(500).default([]),
  /** Guards that this administrator takes down. */
  lift: z.array(z.enum(guards)).default([]),
});
export type Policy = z.infer<typeof Policy>;
