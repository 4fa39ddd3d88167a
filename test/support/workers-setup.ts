import { readD1Migrations } from "@cloudflare/vitest-plugin";
import type { TestProject } from "vitest/node";
import { startHttpReceiver } from "./http-receiver.ts";
import { createSimulator } from "./kube/create-simulator.ts";
import { administrator, harvesterCluster } from "./kube/harvester/harvester-cluster.ts";
import type { World } from "./kube/words.ts";
import { migratePostgres, startPostgres } from "./postgres-server.ts";
import type {} from "./provided.ts";
import { scriptedKey, startControlledLlm } from "./scripted-llm-control.ts";

const clusterToken = "workers-tests";

/** Starts what the workers' tests reach outside workerd. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [server, llm, receiver, cluster] = await Promise.all([
    startPostgres(),
    startControlledLlm(),
    startHttpReceiver(),
    createSimulator({
      extensions: harvesterCluster({ seed: "calm" }),
      tokens: { [clusterToken]: administrator },
      clock: 20,
    }),
  ]);
  enlarge(cluster.world);
  await migratePostgres(server.url);
  project.provide("postgresUrl", server.url);
  project.provide("d1Migrations", await readD1Migrations("migrations/d1"));
  project.provide("receiverUrl", receiver.url);
  project.provide("cluster", { url: cluster.url, token: clusterToken });
  project.provide("scriptedLlm", {
    baseUrl: llm.baseUrl,
    controlUrl: llm.controlUrl,
    key: scriptedKey,
  });
  return async () => {
    await Promise.all([server.stop(), llm.close(), receiver.close(), cluster.stop()]);
  };
}

/** The whole run shares one simulated cluster: its hosts have room for every machine that a test leaves running. */
function enlarge({ store }: World): void {
  const nodes = store.kindOf("", "nodes");
  for (const { metadata } of store.list(nodes))
    store.edit(nodes, undefined, metadata.name, (node) => {
      const { capacity, allocatable, ...status } = node["status"] as Record<string, object>;
      const room = { cpu: "1024", memory: "16Ti", pods: "10000" };
      node["status"] = {
        ...status,
        capacity: { ...capacity, ...room },
        allocatable: { ...allocatable, ...room },
      };
    });
}
