import { readD1Migrations } from "@cloudflare/vitest-plugin";
import type { TestProject } from "vitest/node";
import { migratePostgres, startPostgres } from "./postgres-server.ts";
import type {} from "./provided.ts";

/** Starts what the workers' tests reach outside workerd. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres();
  await migratePostgres(server.url);
  project.provide("postgresUrl", server.url);
  project.provide("d1Migrations", await readD1Migrations("migrations/d1"));
  return () => server.stop();
}
