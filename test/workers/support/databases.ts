import { env } from "cloudflare:workers";
import { describe } from "vitest";
import { openD1 } from "../../../src/db/d1.ts";
import type { Db } from "../../../src/db/db.ts";
import { openPostgres } from "../../../src/db/postgres.ts";
import type { Env } from "../../../src/platform/env.ts";

const bindings = env as unknown as Env;

/** Runs a suite once on D1 and once on PostgreSQL; `open` gives a connection, to be closed by the test's end. */
export function describeOnEachDatabase(title: string, suite: (open: () => Db) => void): void {
  describe.each([
    ["D1", () => openD1(bindings.DB)],
    ["PostgreSQL", () => openPostgres(bindings.HYPERDRIVE?.connectionString ?? "", { maxConnections: 1 })],
  ] as const)(`${title} on %s`, (_, open) => suite(open));
}
