import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { createDrivers } from "../../../../agent/src/config/create-drivers.ts";
import { storeEnrolment } from "../../../../agent/src/config/file-identity.ts";
import { loadConfig } from "../../../../agent/src/config/load-config.ts";
import { nodeClock } from "../../../../agent/src/host/node-clock.ts";
import { nodeDial } from "../../../../agent/src/host/node-dial.ts";
import { type RunningAgent, runAgent } from "../../../../agent/src/host/run-agent.ts";
import { newAgentKey } from "../../../../agent/src/trust/ed25519.ts";
import type { TestRelay } from "./test-relay.ts";

export interface TestAgent {
  readonly folder: string;
  readonly stateDir: string;
  readonly logs: { readonly event: string; readonly [field: string]: unknown }[];
  readonly running: RunningAgent;
  /** Ends it as a crash would: what was not written is lost; the same files serve the next. */
  restart(): TestAgent;
  stop(): Promise<void>;
}

/** A kubeconfig for a server with a token. */
export function kubeconfigFor(server: string, token: string, more: object = {}): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "c",
    clusters: [{ name: "c", cluster: { server, ...more } }],
    contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
    users: [{ name: "u", user: { token } }],
  });
}

/** An enrolled agent in this process, on files of its own. */
export async function startAgent(relay: TestRelay, config: object, kubeconfig?: string): Promise<TestAgent> {
  const folder = mkdtempSync(join(tmpdir(), "maru-agent-"));
  if (kubeconfig !== undefined) writeFileSync(join(folder, "kubeconfig"), kubeconfig);
  const kubernetes = kubeconfig === undefined ? false : { kubeconfig: "kubeconfig" };
  writeFileSync(
    join(folder, "agent.yaml"),
    stringify({ kubernetes, inventory: { enabled: false }, prometheus: false, ...config }),
  );
  const key = newAgentKey();
  relay.agentPublicKey = key.publicKey;
  const { stateDir } = loadConfig(folder, {});
  storeEnrolment(stateDir, relay.identity, key);
  const agent = run(folder);
  await relay.online();
  return agent;
}

function run(folder: string): TestAgent {
  const loaded = loadConfig(folder, {});
  const logs: TestAgent["logs"] = [];
  const running = runAgent({
    loaded,
    drivers: createDrivers(loaded, {}),
    clock: nodeClock,
    dial: nodeDial,
    logger: (level, event, fields) => void logs.push({ ...fields, level, event }),
  });
  return {
    folder,
    stateDir: loaded.stateDir,
    logs,
    running,
    restart: () => run(folder),
    stop: async () => {
      await running.drain();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
