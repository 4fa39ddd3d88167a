import { stringify } from "yaml";
import * as z from "zod";
import { defineOperation, type StreamBody } from "../../../kernel/operation.ts";
import { textStream } from "../../../kernel/text-stream.ts";
import { ruleFile } from "../slo.rules.ts";
import { alertRules, burnPolicies, slos } from "../slo.ts";

const mediaType = "application/yaml";

export const getSloRules = defineOperation({
  action: "observability.slo.rules",
  effect: "read",
  scope: "metrics:read",
  summary: "Get the objectives and alerts as a rule file of Prometheus",
  input: z.strictObject({}),
  output: z.custom<StreamBody>(),
  gives: [mediaType],
  raises: [],
  async run(ctx) {
    const rules = ruleFile(slos, burnPolicies, alertRules, ctx.ports.settings.metricsPrefix);
    const text = stringify(rules, { lineWidth: 0, aliasDuplicateObjects: false });
    return {
      stream: textStream([text]),
      contentType: `${mediaType}; charset=utf-8`,
      fileName: "maru-rules.yaml",
    };
  },
});
