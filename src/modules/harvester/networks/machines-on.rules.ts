import { listAt, textAt } from "../kube/fields.rules.ts";
import type { KubeObject } from "../kube/object.ts";

/** The names of the virtual machines that have an interface on a network; a bare name means their own namespace. */
export function machinesOn(
  machines: readonly KubeObject[],
  network: { readonly namespace: string; readonly name: string },
): string[] {
  return machines
    .filter((machine) =>
      listAt(machine, "spec", "template", "spec", "networks").some((one) => {
        const named = textAt(one, "multus", "networkName");
        const full = named?.includes("/") ? named : `${machine.metadata.namespace ?? ""}/${named ?? ""}`;
        return full === `${network.namespace}/${network.name}`;
      }),
    )
    .map(({ metadata }) => metadata.name)
    .sort();
}
