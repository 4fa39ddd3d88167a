import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";
import { renderConfig, type Values } from "./deploy-config.ts";
import { localSecrets } from "./local-secrets.ts";

const root = join(import.meta.dirname, "..");
const keep = join(root, ".maru");
const valuesFile = join(keep, "production.json");
const secretsFile = join(keep, "production.secrets.env");
const wrangler = join(root, "node_modules", "wrangler", "bin", "wrangler.js");
const usage = `node scripts/deploy.ts [check|migrate|deploy|smoke|all] [--with-secrets]
  check    fill in the configuration and build, without touching the account
  migrate  apply the migrations of the database that MARU_DATABASE names
  deploy   upload the Worker; --with-secrets sends the secrets too, and makes them the first time
  smoke    ask the deployment whether it is ready
  all      migrate, deploy, smoke`;

const { values: options, positionals } = parseArgs({
  options: { "with-secrets": { type: "boolean", default: false } },
  allowPositionals: true,
});

const stored = existsSync(valuesFile) ? (JSON.parse(readFileSync(valuesFile, "utf8")) as Values) : {};
const values: Values = { ...stored, ...process.env };
const origin = `https://${values.MARU_HOST}`;

/** Runs wrangler on the filled-in configuration, which exists only meanwhile. */
function withConfig(...args: readonly string[]): void {
  const config = join(root, `wrangler.deploy.${process.pid}.toml`);
  writeFileSync(config, renderConfig(readFileSync(join(root, "wrangler.toml"), "utf8"), values), {
    mode: 0o600,
  });
  try {
    const command = [wrangler, ...args, "--config", config, "--env", "production"];
    const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: "inherit" });
    if (status !== 0) throw new Error(`wrangler ${args.slice(0, 3).join(" ")} failed.`);
  } finally {
    rmSync(config, { force: true });
  }
}

async function migrateDatabase(): Promise<void> {
  if ((values.MARU_DATABASE || "d1") === "d1") {
    withConfig("d1", "migrations", "apply", "DB", "--remote");
    return;
  }
  const url = values.DATABASE_URL;
  if (!url) throw new Error("Not set: DATABASE_URL, the address of the PostgreSQL behind Hyperdrive.");
  const client = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await migrate(drizzle(client), { migrationsFolder: join(root, "migrations", "postgres") });
    console.log("The migrations of PostgreSQL are applied.");
  } finally {
    await client.end();
  }
}

async function deploy(): Promise<void> {
  if (!options["with-secrets"]) return withConfig("deploy");
  // New secrets under a deployment that lives would make its tenants' secrets unreadable.
  if (!existsSync(secretsFile) && (await isAlive())) {
    throw new Error(
      `${origin} is deployed already, but its secrets are not in ${secretsFile}. Put them there first.`,
    );
  }
  const upload = join(keep, `secrets.${process.pid}.json`);
  mkdirSync(keep, { recursive: true, mode: 0o700 });
  writeFileSync(upload, JSON.stringify(localSecrets(secretsFile)), { mode: 0o600 });
  try {
    withConfig("deploy", "--secrets-file", upload);
  } finally {
    rmSync(upload, { force: true });
  }
}

async function isAlive(): Promise<boolean> {
  return fetch(`${origin}/health`).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** A new domain takes a while to get its certificate, so it is asked for five minutes. */
async function smoke(): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const answer = await fetch(`${origin}/ready`).catch((error: unknown) => String(error));
    const text = typeof answer === "string" ? answer : `${answer.status} ${await answer.text()}`;
    console.log(`${origin}/ready: ${text}`);
    if (typeof answer !== "string" && answer.ok) break;
    if (attempt === 30) throw new Error("The deployment is not ready.");
    await new Promise((resolve) => setTimeout(resolve, 10_000));
  }
  const refused = await fetch(`${origin}/v1/me`);
  if (refused.status !== 401) throw new Error(`/v1/me answered ${refused.status} to nobody, not 401.`);
  console.log(`Deployed: ${origin}/docs`);
}

const steps: Readonly<Record<string, readonly (() => void | Promise<void>)[]>> = {
  check: [() => withConfig("deploy", "--dry-run")],
  migrate: [migrateDatabase],
  deploy: [deploy],
  smoke: [smoke],
  all: [migrateDatabase, deploy, smoke],
};

const chosen = steps[positionals[0] ?? ""];
if (!chosen) {
  console.error(usage);
  process.exit(64);
}
try {
  for (const step of chosen) await step();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
