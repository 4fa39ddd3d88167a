import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, inject } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    postgresUrl: string;
    d1Migrations: { name: string; queries: string[] }[];
  }
}

beforeAll(async () => {
  await applyD1Migrations((env as unknown as { DB: D1Database }).DB, inject("d1Migrations"));
});
