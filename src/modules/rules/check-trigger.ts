import type { RuleDefinition } from "../../../contracts/rules.ts";
import type { Ctx } from "../../kernel/context.ts";
import { AppError, problem } from "../../kernel/problem.ts";
import { previewRuns } from "../schedules/index.ts";

/**
 * Refuses a metric whose host must not be reached from here, and a schedule that never runs again.
 * @throws forbidden `rules.host_refused`, invalid_input `rules.never_runs`, each with a pointer
 */
export function checkTrigger(ctx: Ctx, { trigger }: RuleDefinition): void {
  if (trigger.kind === "metric") {
    const pointer = "/definition/trigger/metric/url";
    refuse("rules.host_refused", pointer, () =>
      ctx.ports.egress.mustReach(new URL(trigger.metric.url).origin),
    );
  }
  if (trigger.kind === "schedule") {
    const pointer = "/definition/trigger/schedule";
    refuse("rules.never_runs", pointer, () => previewRuns(trigger.schedule, ctx.now.getTime()));
  }
}

/** Says a refusal in the words of a rule. */
function refuse(code: string, pointer: string, check: () => unknown): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { detail } = error.failure;
    const short = code.slice(code.indexOf(".") + 1);
    throw problem(error.kind, code, detail, { errors: [{ pointer, code: short, message: detail }] });
  }
}
