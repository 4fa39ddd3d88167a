import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, inject } from "vitest";
import type {} from "../../support/provided.ts";

beforeAll(async () => {
  await applyD1Migrations((env as unknown as { DB: D1Database }).DB, inject("d1Migrations"));
});
