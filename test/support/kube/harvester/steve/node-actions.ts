import type { KubeObject } from "../../words.ts";
import { all, annotation, find, kindOf, label, missing } from "../admission/look.ts";
import { fieldsAt, flagAt, itemsAt, textAt } from "../machines/fields.ts";
import { ActionFault, failed } from "./action-fault.ts";
import { type Action, type Asked, inputOf, isAllowed, kube, patch } from "./asking.ts";
import { whyNotMigratable } from "./machine-legality.rules.ts";
import { kubePath } from "./steve-types.ts";

const MAINTENANCE = "harvesterhci.io/maintain-status";
const DRAIN = "harvesterhci.io/drain-requested";
const FORCED = "harvesterhci.io/drain-forced";
const STRATEGY = "harvesterhci.io/maintain-mode-strategy";
const STRATEGY_NODE = "harvesterhci.io/maintain-mode-strategy-node-name";
const ROLES = ["node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/etcd"];
const POWER = ["shutdown", "poweron", "reboot"];

const isManager = (node: KubeObject) => ROLES.some((role) => label(node, role) !== undefined);

/** A manager leaves service only when there are others, and none of them is out. @throws ActionFault 500 */
function mustBeDrainable({ world, object }: Asked): void {
  if (!isManager(object)) return;
  const managers = all(world, "nodes").filter(isManager);
  const said = "draining of this node is not possible:";
  if (managers.length === 1) {
    throw failed(`${said} single controlplane cluster, cannot place controlplane in maintenance mode`);
  }
  const open = managers.filter((node) => annotation(node, MAINTENANCE) === undefined);
  if (open.length !== 3) {
    throw failed(
      `${said} another controlplane is already in maintenance mode, cannot place current node in maintenance mode`,
    );
  }
}

const enableMaintenance: Action = async (asked) => {
  mustBeDrainable(asked);
  const forced = textAt(await inputOf(asked), "force") === "true";
  await patch(asked, {
    metadata: { annotations: { [DRAIN]: "true", ...(forced ? { [FORCED]: "true" } : {}) } },
  });
  return undefined;
};

/** Machines that were shut down for the maintenance start again when they were to. */
async function startAgain(asked: Asked): Promise<void> {
  const { world, name } = asked;
  for (const machine of all(world, "virtualmachines")) {
    if (label(machine, STRATEGY) !== "ShutdownAndRestartAfterDisable") continue;
    if (annotation(machine, STRATEGY_NODE) !== name) continue;
    const { namespace = "default", name: machineName } = machine.metadata;
    await kube(
      asked,
      "PUT",
      `/apis/subresources.kubevirt.io/v1/namespaces/${namespace}/virtualmachines/${machineName}/start`,
    );
    await kube(
      asked,
      "PATCH",
      kubePath(kindOf(world, "virtualmachines"), namespace, machineName),
      { metadata: { annotations: { [STRATEGY_NODE]: null } } },
      "application/merge-patch+json",
    );
  }
}

const disableMaintenance: Action = async (asked) => {
  const taints = itemsAt(asked.object, "spec", "taints").filter(
    (taint) => taint["key"] !== "kubevirt.io/drain",
  );
  await patch(asked, {
    metadata: { annotations: { [DRAIN]: null, [FORCED]: null, [MAINTENANCE]: null } },
    spec: { unschedulable: null, taints: taints.length > 0 ? taints : null },
  });
  await startAgain(asked);
  return undefined;
};

function cordoning(verb: "cordon" | "uncordon"): Action {
  return async (asked) => {
    const out = verb === "cordon";
    if (flagAt(asked.object, "spec", "unschedulable") === out) {
      throw failed(`InvalidAction 405: Node ${asked.name} already ${verb}ed`);
    }
    await patch(asked, { spec: { unschedulable: out ? true : null } });
    return undefined;
  };
}

const listUnhealthy: Action = ({ world, name }) => {
  const bound = all(world, "virtualmachineinstances")
    .filter((instance) => textAt(instance, "status", "nodeName") === name)
    .flatMap((instance) => {
      const why = whyNotMigratable(instance);
      return why === undefined ? [] : [[why.replace(/^.*not live migratable as /, ""), instance] as const];
    });
  const reasons = Map.groupBy(bound, ([why]) => why);
  const body = [...reasons].map(([why, found]) => ({
    message: `The following VMs cannot be migrated due to ${why} condition`,
    vms: found.map(([, instance]) => `${instance.metadata.namespace}/${instance.metadata.name}`),
  }));
  return { status: 200, body };
};

const SEEDER = ["harvester-system", "harvester-seeder"] as const;

/** The board of a host, when the add-on that knows boards is on. */
function inventoryOf({ world, name }: Asked): KubeObject | undefined {
  if (!flagAt(find(world, "addons", ...SEEDER), "spec", "enabled")) return undefined;
  return find(world, "inventories", "harvester-system", name);
}

const powerPossible: Action = (asked) => {
  const inventory = inventoryOf(asked);
  if (inventory === undefined) return { status: 424 };
  const status = textAt(inventory, "status", "status") ?? "";
  if (status === "inventoryNodeReady") return undefined;
  throw new ActionFault(
    409,
    `expected to find inventory ${asked.name} status inventoryNodeReady, but current status is: ${status}`,
  );
};

const power: Action = async (asked) => {
  const { world, name } = asked;
  const operation = textAt(await inputOf(asked), "operation") ?? "";
  if (!POWER.includes(operation)) {
    throw failed(
      `operation ${operation} is not a valid power opreation. valid values need to be in [${POWER.join(" ")}]`,
    );
  }
  const kind = kindOf(world, "inventories");
  const inventory = world.store.find(kind, "harvester-system", name);
  if (inventory === undefined) throw new ActionFault(404, missing("inventories", name));
  const before = textAt(inventory, "spec", "powerActionRequested");
  const done = textAt(inventory, "status", "powerAction", "actionStatus");
  if (before !== undefined && done === undefined) {
    throw failed(`waiting for power action status for action ${before} for node ${name} to be populated`);
  }
  world.store.edit(kind, "harvester-system", name, (stored) => {
    stored["spec"] = { ...fieldsAt(stored, "spec"), powerActionRequested: operation };
    const status = fieldsAt(stored, "status");
    stored["status"] = { ...status, powerAction: { ...fieldsAt(status, "powerAction"), lastJobName: "" } };
  });
  return undefined;
};

function cpuManager(policy: "static" | "none"): Action {
  return async (asked) => {
    const request = JSON.stringify({ status: "requested", policy });
    await patch(asked, {
      metadata: { annotations: { "harvesterhci.io/cpu-manager-update-status": request } },
    });
    return undefined;
  };
}

export const nodeActions: Readonly<Record<string, Action>> = {
  cordon: cordoning("cordon"),
  uncordon: cordoning("uncordon"),
  enableMaintenanceMode: enableMaintenance,
  disableMaintenanceMode: disableMaintenance,
  maintenancePossible(asked) {
    mustBeDrainable(asked);
    return undefined;
  },
  listUnhealthyVM: listUnhealthy,
  powerAction: power,
  powerActionPossible: powerPossible,
  enableCPUManager: cpuManager("static"),
  disableCPUManager: cpuManager("none"),
};

/** The actions that a host offers now. */
export function nodeActionNames(request: Asked["request"], node: KubeObject): string[] {
  const always = ["listUnhealthyVM", "maintenancePossible", "powerActionPossible"];
  const mayEdit = isAllowed(request, {
    verb: "update",
    group: "",
    resource: "nodes",
    name: node.metadata.name,
  });
  if (!mayEdit) return always;
  const out = annotation(node, MAINTENANCE) !== undefined;
  return [
    ...always,
    "enableCPUManager",
    "disableCPUManager",
    ...(out ? ["disableMaintenanceMode", "powerAction"] : ["enableMaintenanceMode"]),
    flagAt(node, "spec", "unschedulable") ? "uncordon" : "cordon",
  ];
}
