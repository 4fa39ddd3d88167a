import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startLocalWorker } from "../../../scripts/local-worker.ts";
import { freePort } from "./free-port.ts";
import { startSlowModel } from "./slow-model.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The worker that the whole project shares. */
    e2eEndpoint: string;
    e2eStateDir: string;
    e2eBootstrapToken: string;
    /** An OpenAI-compatible model that answers after a while, in that worker's reach. */
    e2eModel: string;
  }
}

/** One worker for every test of the project, on a free port, with a state that is thrown away. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const stateDir = mkdtempSync(join(tmpdir(), "maru-e2e-"));
  const model = await startSlowModel(150);
  const worker = await startLocalWorker({
    port: await freePort(),
    stateDir,
    vars: { MARU_EGRESS_HTTP_HOSTS: "127.0.0.1", MARU_RATE_LIMIT: "100000" },
  });
  project.provide("e2eEndpoint", worker.url);
  project.provide("e2eStateDir", stateDir);
  project.provide("e2eBootstrapToken", worker.secrets.MARU_BOOTSTRAP_TOKEN ?? "");
  project.provide("e2eModel", model.baseUrl);
  return async () => {
    await worker.stop();
    await model.close();
    rmSync(stateDir, { recursive: true, force: true });
  };
}
