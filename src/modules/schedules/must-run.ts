import type { Schedule } from "../../../contracts/schedules.ts";
import { AppError, problem } from "../../kernel/problem.ts";
import { previewRuns } from "./next-runs.rules.ts";

/**
 * Refuses a request whose `schedule` can't be read or has no run after an instant.
 * @throws invalid_input as `previewRuns` does, with pointers into the request
 */
export function mustRun(schedule: Schedule, from: number): void {
  try {
    previewRuns(schedule, from);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { code, detail, errors = [], data } = error.failure;
    throw problem(error.kind, code, detail, {
      errors: errors.map((wrong) => ({ ...wrong, pointer: `/schedule${wrong.pointer}` })),
      ...(data === undefined ? {} : { data }),
      cause: error,
    });
  }
}
