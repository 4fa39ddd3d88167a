import type { RuleDefinition } from "../../../contracts/rules.ts";
import { AppError, type FieldProblem } from "../../kernel/problem.ts";
import { compileSchedule } from "../schedules/index.ts";
import { metricProblems } from "./polling/check-metric.rules.ts";

/** What is wrong with a trigger that the clock starts, with pointers into the definition. */
export function triggerProblems({ trigger, key }: RuleDefinition): FieldProblem[] {
  if (trigger.kind !== "metric" && trigger.kind !== "schedule") return [];
  const keyed: FieldProblem[] =
    key.length === 0
      ? []
      : [
          {
            pointer: "/key",
            code: "not_allowed",
            message: `A ${trigger.kind} rule has no events to take a key from; labels tell its series apart.`,
          },
        ];
  if (trigger.kind === "schedule") return [...keyed, ...scheduleProblems(trigger.schedule)];
  const metric = metricProblems(trigger.metric);
  return [...keyed, ...metric.map((one) => ({ ...one, pointer: `/trigger/metric${one.pointer}` }))];
}

function scheduleProblems(schedule: Parameters<typeof compileSchedule>[0]): FieldProblem[] {
  try {
    compileSchedule(schedule);
    return [];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { code, detail, errors = [] } = error.failure;
    const said = errors.length > 0 ? errors : [{ pointer: "", code, message: detail }];
    return said.map((one) => ({ ...one, pointer: `/trigger/schedule${one.pointer}` }));
  }
}
