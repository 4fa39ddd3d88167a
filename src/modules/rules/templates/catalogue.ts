import * as z from "zod";
import type { RuleTemplateSummary } from "../../../../contracts/rule-templates.ts";
import { RuleDefinition } from "../../../../contracts/rules.ts";
import { type FieldProblem, fieldProblems, problem } from "../../../kernel/problem.ts";
import { agentLoop } from "./ai/agent-loop.ts";
import { evaluationScoreDrop } from "./ai/evaluation-score-drop.ts";
import { evaluationScoreFloor } from "./ai/evaluation-score-floor.ts";
import { faithfulnessDrop } from "./ai/faithfulness-drop.ts";
import { gpuMemory } from "./ai/gpu-memory.ts";
import { llmErrorRate } from "./ai/llm-error-rate.ts";
import { llmLatency } from "./ai/llm-latency.ts";
import { providerRateLimited } from "./ai/provider-rate-limited.ts";
import { queueBacklog } from "./ai/queue-backlog.ts";
import { quotaNearExhaustion } from "./ai/quota-near-exhaustion.ts";
import { silentAgent } from "./ai/silent-agent.ts";
import { tokenCostBurn } from "./ai/token-cost-burn.ts";
import { tokenUsageSpike } from "./ai/token-usage-spike.ts";
import { toolFailures } from "./ai/tool-failures.ts";
import type { Template } from "./define-template.ts";
import { backupFailed } from "./infrastructure/backup-failed.ts";
import { backupMissing } from "./infrastructure/backup-missing.ts";
import { certificateExpiring } from "./infrastructure/certificate-expiring.ts";
import { cpuHigh } from "./infrastructure/cpu-high.ts";
import { diskFilling } from "./infrastructure/disk-filling.ts";
import { hostDown } from "./infrastructure/host-down.ts";
import { hostNotReady } from "./infrastructure/host-not-ready.ts";
import { vmCrashed } from "./infrastructure/vm-crashed.ts";
import { volumeDegraded } from "./infrastructure/volume-degraded.ts";
import { failedLoginsThenSuccess } from "./security/failed-logins-then-success.ts";
import { promptInjectionSpike } from "./security/prompt-injection-spike.ts";

/** Every template, in the order in which they are shown. */
export const templates: readonly Template[] = [
  tokenCostBurn,
  tokenUsageSpike,
  llmErrorRate,
  llmLatency,
  providerRateLimited,
  quotaNearExhaustion,
  queueBacklog,
  silentAgent,
  toolFailures,
  agentLoop,
  faithfulnessDrop,
  evaluationScoreDrop,
  evaluationScoreFloor,
  gpuMemory,
  promptInjectionSpike,
  failedLoginsThenSuccess,
  cpuHigh,
  diskFilling,
  certificateExpiring,
  hostDown,
  hostNotReady,
  vmCrashed,
  volumeDegraded,
  backupFailed,
  backupMissing,
];

/** @throws not_found `rules.template_unknown` */
export function mustFindTemplate(id: string): Template {
  const found = templates.find((template) => template.id === id);
  if (found !== undefined) return found;
  throw problem(
    "not_found",
    "rules.template_unknown",
    `There is no template "${id}". List them to see their ids.`,
  );
}

export const summaryOf = ({ id, category, title, description }: Template): RuleTemplateSummary => ({
  id,
  category,
  title,
  description,
});

/** The parameters of a template as JSON Schema, as they are given: all of them may be left out. */
export function parametersOf(template: Template): Record<string, unknown> {
  const { $schema: _, ...schema } = z.toJSONSchema(template.parameters, { io: "input" });
  return schema;
}

/**
 * The rule that a template makes of parameters; `name` is its title where none is given.
 * @throws invalid_input `rules.template_parameters` with pointers below `/parameters`
 */
export function definitionOf(
  template: Template,
  parameters: Readonly<Record<string, unknown>>,
  name = template.title.en,
): RuleDefinition {
  const refuse = (errors: FieldProblem[]) =>
    problem("invalid_input", "rules.template_parameters", errors[0]?.message ?? "", { errors });
  const parsed = template.parameters.safeParse(parameters);
  if (!parsed.success) throw refuse(fieldProblems(parsed.error, "/parameters"));
  const description = template.description.en;
  const rule = RuleDefinition.safeParse({ name, description, ...template.build(parsed.data) });
  if (rule.success) return rule.data;
  // The parameters fit by themselves, but not together.
  throw refuse(fieldProblems(rule.error).map((one) => ({ ...one, pointer: "/parameters" })));
}
