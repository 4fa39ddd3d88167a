import { type Route, route } from "../../http/route.ts";
import { cancelJob } from "./operations/cancel-job.ts";
import { editJob } from "./operations/edit-job.ts";
import { getJob } from "./operations/get-job.ts";
import { inspectJob } from "./operations/inspect-job.ts";
import { listDeadJobs } from "./operations/list-dead-jobs.ts";
import { listJobs } from "./operations/list-jobs.ts";
import { redriveJobs } from "./operations/redrive-jobs.ts";
import { streamEvents } from "./operations/stream-events.ts";

export const jobRoutes: readonly Route[] = [
  route(listJobs, "GET", "/v1/jobs"),
  route(listDeadJobs, "GET", "/v1/jobs:dead"),
  route(redriveJobs, "POST", "/v1/jobs:redrive"),
  route(getJob, "GET", "/v1/jobs/{id}"),
  route(editJob, "PATCH", "/v1/jobs/{id}"),
  route(cancelJob, "POST", "/v1/jobs/{id}:cancel"),
  route(inspectJob, "GET", "/v1/jobs/{id}/inspection"),
  route(streamEvents, "GET", "/v1/jobs/{id}/events"),
];
