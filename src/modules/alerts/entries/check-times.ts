import type { MaintenanceTimes } from "../../../../contracts/schedules.ts";
import { AppError, type FieldProblem, problem } from "../../../kernel/problem.ts";
import { maintenanceTimetable } from "../../schedules/index.ts";

export interface TimesAt {
  readonly times: MaintenanceTimes;
  readonly pointer: string;
}

/**
 * Refuses times that the calendar can't read, pointing at each.
 * @throws invalid_input `alerts.bad_times`
 */
export function checkTimes(all: readonly TimesAt[]): void {
  const errors = all.flatMap(problemsOf);
  if (errors.length > 0)
    throw problem("invalid_input", "alerts.bad_times", errors[0]?.message ?? "", { errors });
}

function problemsOf({ times, pointer }: TimesAt): FieldProblem[] {
  if (times.kind === "span" && Date.parse(times.until) <= Date.parse(times.from))
    return [{ pointer: `${pointer}/until`, code: "before_start", message: "It must end after it starts." }];
  try {
    maintenanceTimetable(times);
    return [];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { errors, detail } = error.failure;
    const found = errors ?? [{ pointer: "", code: "invalid", message: detail }];
    return found.map((one) => ({ ...one, pointer: pointer + one.pointer }));
  }
}
