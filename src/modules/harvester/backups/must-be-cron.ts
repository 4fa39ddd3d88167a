import { AppError, problem } from "../../../kernel/problem.ts";
import { parseCron } from "../../schedules/index.ts";
import { mustBeHourly } from "./schedule.rules.ts";

/** @throws invalid_input `harvester.schedule_invalid` at `/cron`, before anything goes to the cluster */
export function mustBeCron(cron: string): void {
  try {
    const { minutes } = parseCron(cron);
    mustBeHourly(cron.startsWith("@") ? 5 : cron.trim().split(/\s+/).length, minutes);
  } catch (error) {
    if (!(error instanceof AppError) || error.failure.code === "harvester.schedule_invalid") throw error;
    throw problem("invalid_input", "harvester.schedule_invalid", error.failure.detail, {
      errors: [{ pointer: "/cron", code: "invalid_cron", message: error.failure.detail }],
      ...(error.failure.data === undefined ? {} : { data: error.failure.data }),
    });
  }
}
