import type { KubeObject } from "../../words.ts";
import { isAmount } from "../admission/amounts.ts";
import {
  all,
  annotate,
  annotation,
  claimNames,
  find,
  LONGHORN,
  missing,
  provisionerOf,
} from "../admission/look.ts";
import { conditionOf, isTrue } from "../machines/conditions.ts";
import { at, numberAt, textAt } from "../machines/fields.ts";
import { ActionFault, failed, invalidAction } from "./action-fault.ts";
import { type Action, type Asked, create, inputOf, kube, patch } from "./asking.ts";
import { canAbortMigration, canHotplugProcessors, whyNotMigratable } from "./machine-legality.rules.ts";
import { fitsNode, isTakenOut } from "./machine-nodes.rules.ts";
import { findType, kubePath } from "./steve-types.ts";

const SUBRESOURCES = "/apis/subresources.kubevirt.io/v1";

function subresource({ namespace, name }: Asked, plural: string, verb: string): string {
  return `${SUBRESOURCES}/namespaces/${namespace}/${plural}/${name}/${verb}`;
}

/** KubeVirt's own verb; a refusal comes back as the server's words, with 500. */
function passed(plural: "virtualmachines" | "virtualmachineinstances", verb: string): Action {
  return async (asked) => {
    try {
      await kube(asked, "PUT", subresource(asked, plural, verb));
    } catch (error) {
      if (!(error instanceof ActionFault)) throw error;
      throw failed(`${verb} virtual machine ${asked.namespace}/${asked.name} failed, ${error.message}`);
    }
    return undefined;
  };
}

function isResizing(asked: Asked, claim: KubeObject): boolean {
  return provisionerOf(asked.world, claim) === LONGHORN && isTrue(claim, "Resizing");
}

const start: Action = async (asked) => {
  const { namespace, name, object, world } = asked;
  for (const claimName of claimNames(object)) {
    const claim = find(world, "persistentvolumeclaims", namespace, claimName);
    const why =
      claim === undefined
        ? missing("persistentvolumeclaims", claimName)
        : isResizing(asked, claim)
          ? `can not start the VM ${namespace}/${name} which has a resizing volume ${namespace}/${claimName}`
          : undefined;
    if (why !== undefined) throw failed(`start virtual machine ${namespace}/${name} failed, ${why}`);
  }
  return passed("virtualmachines", "start")(asked);
};

const stop: Action = async (asked) => {
  const spec = asked.object["spec"];
  if (textAt(spec, "runStrategy") === "Halted") return undefined;
  const running = at(spec, "running") === undefined ? {} : { running: null };
  await patch(asked, { spec: { runStrategy: "Halted", ...running } });
  return undefined;
};

const forceStop: Action = async (asked) => {
  try {
    await kube(asked, "PUT", subresource(asked, "virtualmachines", "stop"), { gracePeriod: 0 });
  } catch (error) {
    const stops =
      error instanceof ActionFault && error.message.includes("Halted does not support manual stop requests");
    if (!stops) throw error;
  }
  return undefined;
};

function mustFindInstance({ world, namespace, name }: Asked): KubeObject {
  const instance = find(world, "virtualmachineinstances", namespace, name);
  if (instance === undefined) throw new ActionFault(404, missing("virtualmachineinstances", name));
  return instance;
}

/** Where a running machine may go: other nodes that are in service and have the labels it asks for. */
function targetsOf(asked: Asked, instance: KubeObject): string[] {
  return all(asked.world, "nodes")
    .filter((node) => node.metadata.name !== textAt(instance, "status", "nodeName"))
    .filter((node) => !isTakenOut(node) && fitsNode(node, instance))
    .map((node) => node.metadata.name);
}

async function move(asked: Asked, target: string): Promise<void> {
  const { world, namespace, name } = asked;
  const instance = mustFindInstance(asked);
  if (textAt(instance, "status", "phase") !== "Running") {
    throw failed("The VM is not in running state");
  }
  if (conditionOf(instance, "Ready")?.["status"] !== "True") {
    throw failed("Can't migrate the VM, the VM is not in ready status");
  }
  const why = whyNotMigratable(instance);
  if (why !== undefined) throw failed(why);
  if (target !== "") {
    const nodes = targetsOf(asked, instance);
    if (nodes.length === 0) {
      throw failed(`can't migrate the VM to the node ${target}: no matching migratable nodes found`);
    }
    if (!nodes.includes(target)) throw failed("The target node is non-migratable");
    world.store.edit(
      world.store.kindOf("kubevirt.io", "virtualmachineinstances"),
      namespace,
      name,
      (stored) => annotate(stored, "harvesterhci.io/migrationTargetNodeName", target),
    );
  }
  const kind = world.store.kindOf("kubevirt.io", "virtualmachineinstancemigrations");
  const selector = target === "" ? {} : { addedNodeSelector: { "kubernetes.io/hostname": target } };
  await create(
    asked,
    { kind },
    namespace,
    { generateName: `${name}-` },
    {
      spec: { vmiName: name, ...selector },
    },
  );
}

const migrate: Action = async (asked) => {
  const input = await inputOf(asked);
  await move(asked, textAt(input, "nodeName") ?? "");
  return undefined;
};

const findMigratableNodes: Action = (asked) => {
  const instance = mustFindInstance(asked);
  const why = whyNotMigratable(instance);
  if (why !== undefined) throw failed(why);
  return { status: 200, body: { nodes: targetsOf(asked, instance) } };
};

const abortMigration: Action = async (asked) => {
  const { world, namespace } = asked;
  const instance = mustFindInstance(asked);
  if (!canAbortMigration(instance)) throw failed("The VM is not in migrating state");
  const uid =
    annotation(instance, "harvesterhci.io/migrationUID") ??
    textAt(instance, "status", "migrationState", "migrationUid");
  const migration = all(world, "virtualmachineinstancemigrations", namespace).find(
    (one) => one.metadata.uid === uid,
  );
  if (migration === undefined) return undefined;
  const phase = textAt(migration, "status", "phase") ?? "";
  if (["Succeeded", "Failed", "Synchronizing"].includes(phase)) {
    throw failed(`cannot abort the migration as it is in "${phase}" phase`);
  }
  const type = findType("kubevirt.io.virtualmachineinstancemigrations");
  if (type !== undefined)
    await kube(asked, "DELETE", kubePath(type.kind, namespace, migration.metadata.name));
  return undefined;
};

const hotplugProcessors: Action = async (asked) => {
  if (!canHotplugProcessors(asked.object)) {
    throw invalidAction("CPU and memory hotplug is not supported for this VM");
  }
  const input = await inputOf(asked);
  const sockets = numberAt(input, "sockets") ?? 0;
  const memory = textAt(input, "memory");
  if (sockets === 0 && memory === undefined) return undefined;
  if (memory !== undefined && !isAmount(memory)) {
    throw failed(
      "failed to parse memory quantity: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    );
  }
  const domain = {
    ...(sockets === 0 ? {} : { cpu: { sockets } }),
    ...(memory === undefined ? {} : { memory: { guest: memory } }),
  };
  await patch(asked, { spec: { template: { spec: { domain } } } });
  return undefined;
};

const dismissQuota: Action = async (asked) => {
  const name = "harvesterhci.io/insufficient-resource-quota";
  if (annotation(asked.object, name) === undefined) {
    throw failed("cannot dismiss insufficient resource quota message");
  }
  await patch(asked, { metadata: { annotations: { [name]: null } } });
  return undefined;
};

/** After an interface changed, KubeVirt takes the change over in a migration. */
export async function moveAnywhere(asked: Asked): Promise<void> {
  await move(asked, "");
}

export const powerActions: Readonly<Record<string, Action>> = {
  start,
  stop,
  restart: passed("virtualmachines", "restart"),
  pause: passed("virtualmachineinstances", "pause"),
  unpause: passed("virtualmachineinstances", "unpause"),
  softreboot: passed("virtualmachineinstances", "softreboot"),
  forceStop,
  migrate,
  abortMigration,
  findMigratableNodes,
  cpuAndMemoryHotplug: hotplugProcessors,
  dismissInsufficientResourceQuota: dismissQuota,
};
