import { type Route, route } from "../../http/route.ts";
import { createSchedule } from "./operations/create-schedule.ts";
import { deleteSchedule } from "./operations/delete-schedule.ts";
import { getSchedule } from "./operations/get-schedule.ts";
import { listScheduleRuns } from "./operations/list-schedule-runs.ts";
import { listSchedules } from "./operations/list-schedules.ts";
import { previewSchedule } from "./operations/preview-schedule.ts";
import { updateSchedule } from "./operations/update-schedule.ts";

export const scheduleRoutes: readonly Route[] = [
  route(createSchedule, "POST", "/v1/schedules", { status: 201 }),
  route(previewSchedule, "POST", "/v1/schedules:preview"),
  route(listSchedules, "GET", "/v1/schedules"),
  route(getSchedule, "GET", "/v1/schedules/{id}"),
  route(updateSchedule, "PATCH", "/v1/schedules/{id}"),
  route(deleteSchedule, "DELETE", "/v1/schedules/{id}"),
  route(listScheduleRuns, "GET", "/v1/schedules/{id}/runs"),
];
