import type { KubeObject, World } from "../../words.ts";
import { flagAt, parsedText, textAt } from "../machines/fields.ts";
import { machinesUsing, provisionerOf, settingValue } from "./look.ts";
import { harvester } from "./refusals.ts";

/** A volume of a machine that is not stopped grows only where its driver can do that. @throws StatusError 422 */
export function checkExpandable(world: World, claim: KubeObject): void {
  const { namespace, name } = claim.metadata;
  const live = machinesUsing(world, namespace, name).some(
    (machine) => textAt(machine, "status", "printableStatus") !== "Stopped",
  );
  if (!live) return;
  const provisioner = provisionerOf(world, claim);
  if (provisioner === undefined) {
    throw harvester.internal(
      `error determining provisioner for PVC ${namespace}/${name}: failed to determine provisioner for PVC ${namespace}/${name}`,
    );
  }
  const drivers = parsedText(settingValue(world, "csi-online-expand-validation"));
  if (!flagAt(drivers, provisioner)) {
    throw harvester.invalid(
      `PVC_EXPAND: pvc ${namespace}/${name} is not online expandable with its provider`,
      "",
    );
  }
}
