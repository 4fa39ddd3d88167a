import * as z from "zod";
import { defineOperation } from "../../../kernel/operation.ts";
import { SloList } from "../schemas.ts";
import { burnRate, recordName, renamed } from "../slo.rules.ts";
import { alertRules, burnPolicies, slos } from "../slo.ts";

export const listSlos = defineOperation({
  action: "observability.slo.list",
  effect: "read",
  scope: "metrics:read",
  summary: "List the service level objectives and alerts",
  input: z.strictObject({}),
  output: SloList,
  raises: [],
  async run(ctx) {
    const listed = slos.map(({ good, total, thresholdSeconds, ...slo }) => ({
      ...slo,
      thresholdSeconds: thresholdSeconds ?? null,
      indicator: `${good} / ${total} * 100`.replaceAll("$window", slo.window),
      errorRatioRecord: `${recordName(slo.window)}{slo="${slo.name}"}`,
      burnAlerts: burnPolicies[slo.window].map((policy) => ({
        ...policy,
        burnRate: burnRate(policy, slo.window),
      })),
    }));
    return renamed({ slos: listed, alerts: [...alertRules] }, ctx.ports.settings.metricsPrefix);
  },
});
