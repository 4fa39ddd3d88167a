import * as z from "zod";

const Severity = z.enum(["critical", "warning"]);

const Slo = z
  .strictObject({
    name: z.string(),
    description: z.string(),
    target: z.number().describe("Per cent of events that are good."),
    window: z.string(),
    thresholdSeconds: z.number().nullable().describe("An event is good when it took at most so long."),
    indicator: z.string().describe("PromQL: the per cent of good events over the window."),
    errorRatioRecord: z.string().describe("The recorded share of bad events over the window."),
    burnAlerts: z.array(
      z.strictObject({
        severity: Severity,
        long: z.string(),
        short: z.string(),
        budgetShare: z.number(),
        burnRate: z.number(),
      }),
    ),
  })
  .meta({ id: "Slo" });

export const SloList = z.strictObject({
  slos: z.array(Slo),
  alerts: z.array(
    z.strictObject({
      name: z.string(),
      expression: z.string(),
      forDuration: z.string(),
      severity: Severity,
      summary: z.string(),
    }),
  ),
});
