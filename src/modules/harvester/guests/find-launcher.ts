import { problem } from "../../../kernel/problem.ts";
import { textAt } from "../kube/fields.rules.ts";
import type { Kube } from "../kube/kube.ts";
import { listAll } from "../kube/list-all.ts";
import type { KubeObject } from "../kube/object.ts";
import { pathOf } from "../kube/paths.rules.ts";
import type { MachineAt } from "../machines/find-machine.ts";

/** The pod that runs a machine: the newest that runs, or the newest there is. Null when there is none. */
export function launcherAmong(pods: readonly KubeObject[]): KubeObject | null {
  const byAge = [...pods].sort((a, b) =>
    (b.metadata.creationTimestamp ?? "").localeCompare(a.metadata.creationTimestamp ?? ""),
  );
  return byAge.find((pod) => textAt(pod, "status", "phase") === "Running") ?? byAge[0] ?? null;
}

/** @throws not_found `harvester.no_launcher` when nothing runs of the machine */
export async function mustFindLauncher(kube: Kube, { namespace, name }: MachineAt): Promise<string> {
  const pods = await listAll(kube, pathOf("core", "pods", { namespace }), {
    labelSelector: `kubevirt.io=virt-launcher,harvesterhci.io/vmName=${name}`,
  });
  const pod = launcherAmong(pods);
  if (pod !== null) return pod.metadata.name;
  throw problem(
    "not_found",
    "harvester.no_launcher",
    `Nothing runs of the machine ${name}, so there is no log of it. Start it first.`,
  );
}
