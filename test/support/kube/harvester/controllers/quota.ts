import type { KubeObject, World } from "../../words.ts";
import { fieldsAt } from "../machines/fields.ts";
import { requestsOf } from "../machines/instance-spec.rules.ts";
import { bytesText, processorsText, quantityOf } from "../machines/quantity.ts";
import { usedIn } from "../machines/quota.rules.ts";
import { kindIn } from "./kinds.ts";

/** Why the quota of its namespace does not let a machine start, in Kubernetes' words; undefined when it does. */
export function quotaRefusal(world: World, machine: KubeObject): string | undefined {
  const { namespace, name } = machine.metadata;
  const asked = requestsOf(fieldsAt(machine, "spec", "template", "spec"));
  const used = usedIn(world.store.list(kindIn(world, "pod"), namespace));
  for (const quota of world.store.list(kindIn(world, "resourceQuota"), namespace))
    for (const resource of ["cpu", "memory"] as const) {
      const hard = fieldsAt(quota, "spec", "hard")[`requests.${resource}`];
      if (hard === undefined) continue;
      const now = used[resource];
      const wants = quantityOf(asked[resource]);
      if (now + wants <= quantityOf(hard)) continue;
      const text = resource === "cpu" ? processorsText : bytesText;
      return (
        `pods "virt-launcher-${name}" is forbidden: exceeded quota: ${quota.metadata.name}, ` +
        `requested: requests.${resource}=${text(wants)}, used: requests.${resource}=${text(now)}, ` +
        `limited: requests.${resource}=${String(hard)}`
      );
    }
  return undefined;
}
