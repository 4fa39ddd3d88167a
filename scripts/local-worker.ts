import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { localSecrets } from "./local-secrets.ts";

export interface LocalWorker {
  readonly url: string;
  readonly secrets: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** Kills the running processes at once, as a power cut would; they are started again. */
  crash(): void;
  /** Ends the worker and everything it started. */
  stop(): Promise<void>;
  /** Resolves when the worker has ended for good. */
  readonly ended: Promise<number>;
}

export interface LocalWorkerOptions {
  readonly port: number;
  /** Where the databases, objects and secrets of this deployment live. */
  readonly stateDir: string;
  readonly vars?: Readonly<Record<string, string>>;
}

const root = join(import.meta.dirname, "..");
const wrangler = join(root, "node_modules", "wrangler", "bin", "wrangler.js");
const endWithParent = pathToFileURL(join(import.meta.dirname, "end-with-parent.ts")).href;
const quiet = {
  WRANGLER_SEND_METRICS: "false",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  X_LOCAL_OBSERVABILITY: "false",
  WRANGLER_LOG_SANITIZE: "true",
  NO_UPDATE_NOTIFIER: "1",
};

/** Whether something already listens on a local port. */
export function portInUse(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

/** Applies the D1 migrations to the local database. Throws with wrangler's words when that fails. */
export function migrateLocal(stateDir: string): void {
  const result = spawnSync(
    process.execPath,
    [wrangler, "d1", "migrations", "apply", "maru", "--local", "--persist-to", stateDir],
    { cwd: root, encoding: "utf8", env: { ...process.env, ...quiet, CI: "true" } },
  );
  if (result.status !== 0) throw new Error(`The local migrations failed:\n${result.stdout}${result.stderr}`);
}

/** A process that lived so long did not die of its start. */
const livedMs = 10_000;

/** Starts the Worker on this machine with everything embedded, restarts it if it dies, and ticks its cron. */
export async function startLocalWorker(options: LocalWorkerOptions): Promise<LocalWorker> {
  const { port, stateDir } = options;
  mkdirSync(stateDir, { recursive: true });
  const varsFile = join(stateDir, "secrets.env");
  const logFile = join(stateDir, "worker.log");
  const secrets = localSecrets(varsFile);
  migrateLocal(stateDir);
  const url = `http://localhost:${port}`;
  let child: ChildProcess;
  let stopping = false;
  let restarts = 0;
  let end: (code: number) => void = () => {};
  const ended = new Promise<number>((resolve) => {
    end = resolve;
  });
  const launch = () => {
    child = spawnWorker({ ...options, vars: { MARU_ORIGIN: url, ...options.vars } }, varsFile, logFile);
    const startedAt = Date.now();
    child.on("exit", (code) => {
      if (Date.now() - startedAt > livedMs) restarts = 0;
      if (stopping || restarts >= 5) end(code ?? 1);
      else {
        restarts++;
        launch();
      }
    });
  };
  launch();
  const killAll = () => {
    // workerd ignores SIGTERM while sockets are open, so the whole group is ended at once.
    try {
      if (child.pid !== undefined)
        process.kill(process.platform === "win32" ? child.pid : -child.pid, "SIGKILL");
    } catch {}
  };
  process.once("exit", killAll);
  await waitUntilReady(url, ended, logFile);
  const cron = setInterval(() => {
    void fetch(`${url}/cdn-cgi/handler/scheduled?cron=${encodeURIComponent("* * * * *")}`).catch(() => {});
  }, 60_000);
  cron.unref();
  return {
    url,
    secrets,
    logFile,
    ended,
    crash: killAll,
    async stop() {
      stopping = true;
      clearInterval(cron);
      killAll();
      await ended;
    },
  };
}

function spawnWorker(
  { port, stateDir, vars = {} }: LocalWorkerOptions,
  varsFile: string,
  logFile: string,
): ChildProcess {
  const args = [
    ["dev", "--port", String(port), "--ip", "127.0.0.1", "--inspector-port", "0"],
    ["--persist-to", stateDir, "--env-file", varsFile],
    ["--show-interactive-dev-session=false", "--log-level", "log"],
    ...Object.entries(vars).map(([name, value]) => ["--var", `${name}:${value}`]),
  ];
  const child = spawn(process.execPath, ["--import", endWithParent, wrangler, ...args.flat()], {
    cwd: root,
    env: { ...process.env, ...quiet },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    detached: process.platform !== "win32",
  });
  const keep = (chunk: Buffer) => appendFileSync(logFile, chunk);
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  return child;
}

async function waitUntilReady(url: string, ended: Promise<number>, logFile: string): Promise<void> {
  const died = ended.then((code) => {
    throw new Error(`The Worker ended with code ${code} before it was ready; see ${logFile}.`);
  });
  const answers = (async () => {
    const until = Date.now() + 60_000;
    while (Date.now() < until) {
      // Without a bundle the server takes the request and never answers it.
      const signal = AbortSignal.timeout(10_000);
      const response = await fetch(`${url}/ready`, { signal }).catch(() => undefined);
      if (response?.ok) return;
      await response?.body?.cancel();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`The Worker was not ready within a minute; see ${logFile}.`);
  })();
  await Promise.race([died, answers]);
}
