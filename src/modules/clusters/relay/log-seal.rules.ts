import { z } from "zod";

/** The head of a relay's log of calls at an instant (ms UTC), signed with the cluster's command key. */
export const LogSeal = z.strictObject({
  seq: z.int().min(1),
  hash: z.string(),
  at: z.int(),
  keyId: z.string(),
  signature: z.string(),
});
export type LogSeal = z.infer<typeof LogSeal>;

/** The event that puts a seal into the audit log, where the relay can't change it. */
export const sealAction = "clusters.call.seal";

/** What is signed. */
export function sealText(
  tenantId: string,
  clusterId: string,
  { seq, hash, at }: Pick<LogSeal, "seq" | "hash" | "at">,
): string {
  return ["maru-call-log", tenantId, clusterId, seq, hash, at].join("\n");
}
