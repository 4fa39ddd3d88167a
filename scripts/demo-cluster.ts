import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Api } from "../cli/src/client/api.ts";
import { exitCodes } from "../cli/src/exit-codes.ts";
import { CliError } from "../cli/src/failure.ts";
import { type ChildProgram, startProgram } from "./child-program.ts";

/** The simulated cluster, registered, with its agent connected. */
export interface DemoCluster {
  readonly id: string;
  readonly name: string;
  /** What runs, and how anybody starts it again. */
  readonly programs: readonly { readonly program: ChildProgram; readonly command: string }[];
}

interface ClusterState {
  readonly id: string;
  readonly name: string;
  readonly online: boolean;
  readonly agents: readonly { readonly id: string; readonly status: string }[];
}

const name = "lab";
const patienceMs = 60_000;

/** A Harvester cluster without hardware and the agent beside it: two processes, of which `stop` leaves none. */
export class DemoSite {
  readonly #folder: string;
  readonly #agentFolder: string;
  readonly #kubeconfig: string;
  readonly #running: ChildProgram[] = [];
  readonly #simulator: Promise<ChildProgram>;
  #stopped = false;

  /** Starts the simulated cluster at once, so that it is there when the Worker is. What fails, fails in `connect`. */
  constructor(folder: string) {
    this.#folder = folder;
    this.#agentFolder = join(folder, "agent");
    this.#kubeconfig = join(folder, "kubeconfig.yaml");
    this.#simulator = this.#simulate();
    this.#simulator.catch(() => {});
  }

  /** Registers the cluster, enrols the agent and runs it, as anybody would; what an earlier start left is used again. */
  async connect(api: Api): Promise<DemoCluster> {
    const simulator = await this.#simulator;
    await until(simulator, () => existsSync(this.#kubeconfig));
    const cluster = await mustHaveCluster(api);
    if (!this.#isEnrolled(api, cluster)) await this.#enrol(api, cluster);
    const args = ["run", "--config", this.#agentFolder];
    const agent = this.#start("agent/src/main.ts", args, "agent.log");
    await until(agent, async () => {
      const { online } = await api.call<ClusterState>("clusters.cluster.get", { id: cluster.id });
      return online;
    });
    const programs = [
      { program: simulator, command: "npm start" },
      { program: agent, command: `npx maru-agent run --config ${this.#agentFolder}` },
    ];
    return { id: cluster.id, name, programs };
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#running.map((program) => program.stop()));
  }

  async #simulate(): Promise<ChildProgram> {
    mkdirSync(this.#agentFolder, { recursive: true, mode: 0o700 });
    rmSync(this.#kubeconfig, { force: true });
    const args = ["--port", "0", "--agent-kubeconfig", this.#kubeconfig];
    return this.#start("test/support/kube/main.ts", args, "simulator.log");
  }

  #start(program: string, args: readonly string[], log: string): ChildProgram {
    if (this.#stopped) throw failure("It was stopped meanwhile.", "도중에 중지되었습니다.");
    const started = startProgram(program, args, join(this.#folder, log));
    this.#running.push(started);
    return started;
  }

  /** The agent that an earlier start enrolled. */
  #known(): Readonly<Record<string, string>> {
    const file = join(this.#agentFolder, "state", "identity.json");
    return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, string>) : {};
  }

  /** Whether that one is still an agent of this cluster, and dials where this Worker listens. */
  #isEnrolled({ endpoint }: Api, { id, agents }: ClusterState): boolean {
    const { agentId, clusterId, connectUrl = endpoint } = this.#known();
    const isActive = agents.some((agent) => agent.id === agentId && agent.status === "active");
    return isActive && clusterId === id && new URL(connectUrl).host === new URL(endpoint).host;
  }

  async #enrol(api: Api, { id, agents }: ClusterState): Promise<void> {
    const { agentId } = this.#known();
    const { token } = await api.call<{ token: string }>("clusters.enrolment.create", { id });
    const words = ["enroll", "--url", api.endpoint, "--token", token, "--name", "demo", "--force"];
    const args = [...words, "--config", this.#agentFolder];
    const enrolment = this.#start("agent/src/main.ts", args, "enrolment.log");
    if ((await enrolment.ended) !== 0) throw failure(readFileSync(enrolment.logFile, "utf8").trim());
    nameKubeconfig(join(this.#agentFolder, "agent.yaml"));
    if (agents.some((agent) => agent.id === agentId && agent.status === "active"))
      await api.call("clusters.agent.revoke", { id, agentId });
  }
}

/** Looks five times a second; a program that has ended will not get there. */
async function until(
  { ended, logFile }: ChildProgram,
  holds: () => boolean | Promise<boolean>,
): Promise<void> {
  let code: number | undefined;
  void ended.then((endedWith) => {
    code = endedWith;
  });
  for (const latest = Date.now() + patienceMs; Date.now() < latest; ) {
    if (await holds()) return;
    if (code !== undefined)
      throw failure(
        `It ended with code ${code}; see ${logFile}.`,
        `코드 ${code}로 끝났습니다. ${logFile}를 보세요.`,
      );
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw failure(
    `It was not there within a minute; see ${logFile}.`,
    `1분 안에 준비되지 않았습니다. ${logFile}를 보세요.`,
  );
}

function failure(en: string, ko = en): CliError {
  return new CliError(exitCodes.failed, { en, ko });
}

async function mustHaveCluster(api: Api): Promise<ClusterState> {
  const { items } = await api.call<{ items: readonly ClusterState[] }>("clusters.cluster.list", {
    limit: 200,
  });
  const known = items.find((cluster) => cluster.name === name);
  const { id } = known ?? (await api.call<ClusterState>("clusters.cluster.create", { name }));
  return api.call<ClusterState>("clusters.cluster.get", { id });
}

/** Says in agent.yaml how to enter the cluster, where the enrolment left that open. */
function nameKubeconfig(file: string): void {
  const open = /^# kubernetes:\n# {3}kubeconfig:.*$/m;
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replace(open, "kubernetes:\n  kubeconfig: ../kubeconfig.yaml"));
}
