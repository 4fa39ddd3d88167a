import * as z from "zod";
import type { OutboxMessage } from "../../kernel/context.ts";
import type { PolicyRow } from "./tables.ts";

/**
 * What the job engine must know of a policy. `version` only grows, so that a message that arrives late can be told from
 * a newer one. Null means no limit; money is in micros.
 */
export const PolicyChanged = z.strictObject({
  tenantId: z.string(),
  version: z.int(),
  maxConcurrentRuns: z.int(),
  maxDailyRuns: z.int(),
  dailyCostLimitMicros: z.int().nullable(),
  monthlyCostLimitMicros: z.int().nullable(),
  dataRetentionDays: z.int(),
  timeZone: z.string(),
});
export type PolicyChanged = z.infer<typeof PolicyChanged>;

/** The message `policy.changed`, stored with the policy and relayed to the tenant's job object. */
export function policyChanged(row: PolicyRow): OutboxMessage {
  const payload: PolicyChanged = {
    tenantId: row.tenantId,
    version: row.version,
    maxConcurrentRuns: row.maxConcurrentRuns,
    maxDailyRuns: row.maxDailyRuns,
    dailyCostLimitMicros: row.dailyCostLimitMicros,
    monthlyCostLimitMicros: row.monthlyCostLimitMicros,
    dataRetentionDays: row.dataRetentionDays,
    timeZone: row.timeZone,
  };
  return { topic: "policy.changed", payload };
}
