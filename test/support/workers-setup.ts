import { readD1Migrations } from "@cloudflare/vitest-plugin";
import type { TestProject } from "vitest/node";
import { startHttpReceiver } from "./http-receiver.ts";
import { migratePostgres, startPostgres } from "./postgres-server.ts";
import type {} from "./provided.ts";
import { scriptedKey, startControlledLlm } from "./scripted-llm-control.ts";

/** Starts what the workers' tests reach outside workerd. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [server, llm, receiver] = await Promise.all([
    startPostgres(),
    startControlledLlm(),
    startHttpReceiver(),
  ]);
  await migratePostgres(server.url);
  project.provide("postgresUrl", server.url);
  project.provide("d1Migrations", await readD1Migrations("migrations/d1"));
  project.provide("receiverUrl", receiver.url);
  project.provide("scriptedLlm", {
    baseUrl: llm.baseUrl,
    controlUrl: llm.controlUrl,
    key: scriptedKey,
  });
  return async () => {
    await Promise.all([server.stop(), llm.close(), receiver.close()]);
  };
}
