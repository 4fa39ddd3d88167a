import { fieldAt } from "../kube/fields.rules.ts";
import type { KubeObject } from "../kube/object.ts";
import type { runStrategies } from "./machine-draft.ts";

/** What may be changed of a machine; absent fields stay. */
export interface MachineChange {
  readonly cpu?: number | undefined;
  readonly memory?: string | undefined;
  readonly runStrategy?: (typeof runStrategies)[number] | undefined;
  readonly description?: string | undefined;
  readonly labels?: Readonly<Record<string, string | null>> | undefined;
}

export const hasHotplug = (machine: KubeObject | undefined): boolean =>
  machine?.metadata.annotations?.["harvesterhci.io/enableCPUAndMemoryHotplug"] === "true";

/** The merge patch of a change. `machine` tells how its processors are counted; without it there are none in the change. */
export function patchOf(
  change: MachineChange,
  machine: KubeObject | undefined,
  resourceVersion: string | undefined,
): Record<string, unknown> {
  const { cpu, memory, runStrategy, description, labels } = change;
  const limits = {
    ...(cpu === undefined ? {} : { cpu: String(cpu) }),
    ...(memory === undefined ? {} : { memory }),
  };
  const domain = {
    ...(cpu === undefined ? {} : { cpu: topologyOf(cpu, machine) }),
    ...(memory === undefined ? {} : { memory: { guest: memory } }),
    resources: { limits },
  };
  const old = fieldAt(machine, "spec", "running") === undefined ? {} : { running: null };
  const metadata = {
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
    ...(labels === undefined ? {} : { labels }),
    ...(description === undefined
      ? {}
      : { annotations: { "field.cattle.io/description": description === "" ? null : description } }),
  };
  const spec = {
    ...(runStrategy === undefined ? {} : { runStrategy, ...old }),
    ...(Object.keys(limits).length === 0 ? {} : { template: { spec: { domain } } }),
  };
  return {
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
    ...(Object.keys(spec).length === 0 ? {} : { spec }),
  };
}

/** Machines with hotplug count sockets of one core, others cores of one socket. */
function topologyOf(cpu: number, machine: KubeObject | undefined) {
  return hasHotplug(machine)
    ? { cores: 1, sockets: cpu, threads: 1 }
    : { cores: cpu, sockets: 1, threads: 1 };
}

/** Whether a change would only hold after the next start of a machine that runs. */
export function waitsForRestart({ cpu, memory }: MachineChange, machine: KubeObject, runs: boolean): boolean {
  return runs && (cpu !== undefined || memory !== undefined) && !hasHotplug(machine);
}
