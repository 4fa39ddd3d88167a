import * as z from "zod";
import { Duration } from "./rule-words.ts";

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

/** Something done besides keeping the alert. `settings` belongs to the kind of action. */
export const RuleAction = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/),
  kind: z.enum(["notify", "job", "http", "rule"]),
  on: z.array(ActionOccasion).min(1),
  settings: z.record(z.string(), z.json()).default({}),
  /** `atMostOnce` marks the effect sent before it is sent: for phone calls. */
  delivery: z.enum(["atLeastOnce", "atMostOnce"]).default("atLeastOnce"),
  /** Overrides the rule's. */
  cooldownMs: Duration.optional(),
});
export type RuleAction = z.infer<typeof RuleAction>;
