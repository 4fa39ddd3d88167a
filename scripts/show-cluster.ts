import type { Cli } from "../cli/src/cli.ts";
import type { Api } from "../cli/src/client/api.ts";
import { machineCommands } from "../cli/src/commands/clusters/machines.ts";
import { clusterThingCommands } from "../cli/src/commands/clusters/things.ts";
import type { DemoCluster } from "./demo-cluster.ts";

interface Machine {
  readonly namespace: string;
  readonly name: string;
  readonly state: string;
}

/** Prints hosts and virtual machines as `maru` prints them; answers commands that are worth trying next. */
export async function showCluster(cli: Cli, api: Api, { id, name }: DemoCluster): Promise<readonly string[]> {
  console.log(`\n${cli.say.clusterOnline(name)}`);
  for (const path of ["hosts list", "vms list"]) {
    const command = [...clusterThingCommands, ...machineCommands].find((known) => known.path === path);
    const nothing = { argument: () => "", optional: () => undefined, rest: [], open: {} };
    console.log();
    await command?.run({ ...cli, api: async () => api }, { ...nothing, options: { cluster: id } });
  }
  const { items } = await api.call<{ items: readonly Machine[] }>("harvester.vm.list", { id });
  const running = items.find(({ state }) => state === "Running");
  if (running === undefined) return [];
  const machine = `${running.namespace}/${running.name} --cluster ${name}`;
  return [
    `npx maru vms show ${machine}`,
    `npx maru vms restart ${machine}`,
    `npx maru vms console ${machine}`,
  ];
}
