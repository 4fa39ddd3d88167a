import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { client } from "./load.ts";

const root = join(import.meta.dirname, "..", "..");
const agentMain = join(root, "agent", "src", "main.ts");

/** A process of one side; its CPU and memory are read from /proc. */
export interface Side {
  readonly pid: number;
  stop(): void;
}

/** Starts the server behind the agent, in a process of its own. */
export async function startLoopback(): Promise<Side & { readonly url: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "loopback-server.ts")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [url] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  return { url, ...sideOf(child) };
}

const sideOf = (child: ChildProcess): Side => ({
  pid: child.pid ?? 0,
  stop: () => {
    child.kill("SIGKILL");
  },
});

interface Made {
  readonly id?: string;
  readonly token?: string;
  readonly agents?: readonly { readonly state?: string }[];
  readonly online?: boolean;
}

/** Registers a cluster, enrols an agent that knows `target` as the HTTP system `loop`, and waits until it is connected. */
export async function startAgent(
  url: string,
  key: string,
  target: string,
  folder: string,
): Promise<Side & { readonly clusterId: string }> {
  const http = client(url, 1);
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const ask = async (method: string, path: string, body?: object): Promise<Made> => {
    const answer = await http.call(method, path, headers, body && JSON.stringify(body));
    if (answer.status >= 300) throw new Error(`${path} answered ${answer.status}: ${answer.text}`);
    return JSON.parse(answer.text) as Made;
  };
  const { id = "" } = await ask("POST", "/v1/clusters", { name: "bench" });
  const { token = "" } = await ask("POST", `/v1/clusters/${id}/enrolments`);
  const enrolled = spawnSync(
    process.execPath,
    [agentMain, "enroll", "--url", url, "--token", token, "--config", folder],
    { encoding: "utf8" },
  );
  if (enrolled.status !== 0) throw new Error(`The enrolment failed:\n${enrolled.stdout}${enrolled.stderr}`);
  const system = { url: target, methods: ["GET", "POST"] };
  const config = {
    kubernetes: false,
    prometheus: false,
    inventory: { enabled: false },
    http: { loop: system },
  };
  writeFileSync(join(folder, "agent.yaml"), JSON.stringify(config));
  const child = spawn(process.execPath, [agentMain, "run", "--config", folder], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  for (let tries = 0; tries < 200; tries++) {
    if ((await ask("GET", `/v1/clusters/${id}`)).online === true) {
      http.close();
      return { clusterId: id, ...sideOf(child) };
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  child.kill("SIGKILL");
  throw new Error("The agent did not connect within 20 s.");
}

/** Connects an agent that only passes on what it is asked to the bare relay. */
export async function startBareAgent(url: string, target: string): Promise<Side> {
  const file = join(import.meta.dirname, "bare-agent.ts");
  const socket = `${url.replace(/^http/, "ws")}/bare/agent`;
  const child = spawn(process.execPath, [file, socket, target], { stdio: ["ignore", "pipe", "inherit"] });
  await once(createInterface({ input: child.stdout }), "line");
  return sideOf(child);
}

/** Resident memory of a process in bytes; NaN where /proc isn't there. */
export function residentBytes(pid: number): number {
  try {
    const line = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return Number(line?.[1] ?? Number.NaN) * 1024;
  } catch {
    return Number.NaN;
  }
}
