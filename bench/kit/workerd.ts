import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join, relative } from "node:path";
import type { Bundle } from "./bundle.ts";

const root = join(import.meta.dirname, "..", "..");

/** One Worker of a `workerd serve` configuration. */
export interface ServedWorker {
  readonly name: string;
  readonly bundle: Bundle;
  /** Bindings in workerd's own notation: name and value. */
  readonly bindings?: Readonly<Record<string, string>>;
  /** Binding name and class of the Durable Objects, all with SQLite. */
  readonly objects?: Readonly<Record<string, string>>;
  /** Where the objects keep their data; in memory without it. */
  readonly storage?: string;
}

export interface Server {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** workerd itself, not the script that starts it: its process id is what is measured. */
export function workerdBinary(): string {
  const folder = join(root, "node_modules", "@cloudflare");
  const platform = readdirSync(folder).find((name) => name.startsWith("workerd-"));
  if (platform === undefined) throw new Error("workerd isn't installed: run npm ci.");
  return join(folder, platform, "bin", process.platform === "win32" ? "workerd.exe" : "workerd");
}

export function freePort(): Promise<number> {
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

export const text = (value: string): string => `text = ${JSON.stringify(value)}`;

const kinds = [
  [/\.m?js$/, "esModule"],
  [/\.wasm$/, "wasm"],
  [/\.(html|txt|sql)$/, "text"],
] as const;

/** Embedded files are named from the configuration's folder. */
function moduleOf(bundle: Bundle, name: string, scratch: string): string {
  const kind = kinds.find(([pattern]) => pattern.test(name))?.[1] ?? "data";
  return `(name = ${JSON.stringify(name)}, ${kind} = embed ${JSON.stringify(relative(scratch, join(bundle.dir, name)))})`;
}

function workerOf(worker: ServedWorker, scratch: string): string {
  const { name, bundle, bindings = {}, objects = {}, storage } = worker;
  const classes = Object.values(objects);
  const all = [
    ...Object.entries(bindings).map(([binding, value]) => `(name = ${JSON.stringify(binding)}, ${value})`),
    ...Object.entries(objects).map(
      ([binding, className]) =>
        `(name = ${JSON.stringify(binding)}, durableObjectNamespace = "${className}")`,
    ),
  ];
  const durable = classes.map(
    (className) => `(className = "${className}", uniqueKey = "${name}-${className}", enableSql = true)`,
  );
  const keeps =
    classes.length === 0
      ? ""
      : `durableObjectNamespaces = [${durable.join(", ")}],
    durableObjectStorage = ${storage === undefined ? "(inMemory = void)" : `(localDisk = "${name}-disk")`},`;
  return `const ${constantOf(name)} :Workerd.Worker = (
    compatibilityDate = "${bundle.compatibilityDate}",
    compatibilityFlags = [${bundle.compatibilityFlags.map((flag) => JSON.stringify(flag)).join(", ")}],
    modules = [${bundle.modules.map((module) => moduleOf(bundle, module, scratch)).join(", ")}],
    bindings = [${all.join(", ")}],
    ${keeps}
  );`;
}

const constantOf = (name: string): string => `${name.replaceAll(/[^a-z]/g, "")}Worker`;

/** Starts `workerd serve` with the first Worker behind a port; resolves when it answers. */
export async function serveWorkers(
  workers: readonly [ServedWorker, ...ServedWorker[]],
  scratch: string,
  services: readonly string[] = [],
): Promise<Server> {
  const port = await freePort();
  const disks = workers.flatMap(({ name, storage }) => {
    if (storage === undefined) return [];
    mkdirSync(storage, { recursive: true });
    return [`(name = "${name}-disk", disk = (path = ${JSON.stringify(storage)}, writable = true))`];
  });
  const list = [
    ...workers.map(({ name }) => `(name = "${name}", worker = .${constantOf(name)})`),
    ...disks,
    ...services,
  ];
  const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [${list.join(",\n    ")}],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "${workers[0].name}")]
);
${workers.map((worker) => workerOf(worker, scratch)).join("\n")}
`;
  const file = join(scratch, `${workers[0].name}-${port}.capnp`);
  const log = join(scratch, `${workers[0].name}-${port}.log`);
  writeFileSync(file, config);
  const child = spawn(workerdBinary(), ["serve", "--experimental", file], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const keep = (chunk: Buffer) => appendFileSync(log, chunk);
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const url = `http://127.0.0.1:${port}`;
  await untilReady(url, child, log);
  return {
    url,
    pid: child.pid ?? 0,
    async stop() {
      process.off("exit", kill);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      // It ignores SIGTERM while connections are open.
      kill();
      await ended;
    },
  };
}

async function untilReady(url: string, child: ChildProcess, log: string): Promise<void> {
  for (let i = 0; i < 400; i++) {
    if (child.exitCode !== null) break;
    const response = await fetch(`${url}/health`).catch(() => undefined);
    await response?.body?.cancel();
    if (response !== undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  child.kill("SIGKILL");
  throw new Error(`workerd didn't answer:\n${readFileSync(log, "utf8").slice(-2000)}`);
}
