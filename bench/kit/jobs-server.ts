import { join } from "node:path";
import type { JobsOutcome, JobsPlan } from "../workers/jobs-plan.ts";
import { bundle } from "./bundle.ts";
import { type Server, serveWorkers, text } from "./workerd.ts";

export interface JobsServer extends Pick<Server, "pid" | "stop"> {
  run(plan: JobsPlan): Promise<JobsOutcome>;
}

/** The product's job object on `workerd serve`, its data on disk, its effects acknowledged at once. */
export async function startJobsServer(scratch: string): Promise<JobsServer> {
  const server = await serveWorkers(
    [
      {
        name: "jobs",
        bundle: bundle("bench/workers/jobs-worker.ts", scratch),
        objects: { JOBS: "JobsObject" },
        storage: join(scratch, "objects"),
        bindings: {
          MARU_KEK: text(`k1:${Buffer.alloc(32).toString("base64")}`),
          MARU_SIGNING_KEYS: text("none"),
        },
      },
    ],
    scratch,
  );
  return {
    pid: server.pid,
    stop: () => server.stop(),
    async run(plan) {
      const response = await fetch(server.url, { method: "POST", body: JSON.stringify(plan) });
      const body = await response.text();
      if (!response.ok) throw new Error(`The run failed with ${response.status}: ${body.slice(0, 500)}`);
      return JSON.parse(body) as JobsOutcome;
    },
  };
}
