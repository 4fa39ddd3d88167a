import type { KubeObject, SimRequest } from "../../words.ts";
import { type Action, isAllowed } from "./asking.ts";
import { imageActionNames, imageActions } from "./image-actions.ts";
import { copyActions } from "./machine-copy-actions.ts";
import { deviceActions } from "./machine-device-actions.ts";
import { machineFacts, mayEditQuota } from "./machine-facts.ts";
import { machineActions } from "./machine-legality.rules.ts";
import { powerActions } from "./machine-power-actions.ts";
import { nodeActionNames, nodeActions } from "./node-actions.ts";
import { machineQuotaActions, namespaceActions } from "./quota-actions.ts";
import type { SteveType } from "./steve-types.ts";
import { upgradeLogActions } from "./upgrade-log-actions.ts";
import { claimActionNames, claimActions, snapshotActions } from "./volume-actions.ts";

interface ActionsOfType {
  readonly run: Readonly<Record<string, Action>>;
  /** Which of them are offered now. */
  offered(request: SimRequest, object: KubeObject): string[];
  /** Whether even those without the right to change the object may run some. */
  readonly open?: boolean;
}

const byType: Readonly<Record<string, ActionsOfType>> = {
  "kubevirt.io.virtualmachine": {
    run: { ...powerActions, ...copyActions, ...deviceActions, ...machineQuotaActions },
    offered: (request, machine) => machineActions(machineFacts(request, machine)),
  },
  node: { run: nodeActions, offered: nodeActionNames, open: true },
  persistentvolumeclaim: { run: claimActions, offered: claimActionNames },
  "snapshot.storage.k8s.io.volumesnapshot": { run: snapshotActions, offered: () => ["restore"] },
  "harvesterhci.io.virtualmachineimage": { run: imageActions, offered: imageActionNames },
  "harvesterhci.io.upgradelog": { run: upgradeLogActions, offered: () => ["generateArchive"] },
  namespace: {
    run: namespaceActions,
    offered: (request, { metadata: { name } }) =>
      mayEditQuota(request, name) ? ["updateResourceQuota", "deleteResourceQuota"] : [],
  },
};

function mayEdit(request: SimRequest, { kind }: SteveType, object: KubeObject): boolean {
  const { namespace, name } = object.metadata;
  return isAllowed(request, {
    verb: "update",
    group: kind.group,
    resource: kind.plural,
    name,
    ...(namespace === undefined ? {} : { namespace }),
  });
}

/** The actions that an object offers now to who asks. */
export function actionNames(request: SimRequest, type: SteveType, object: KubeObject): string[] {
  const actions = byType[type.id];
  if (actions === undefined) return [];
  return actions.open || mayEdit(request, type, object) ? actions.offered(request, object) : [];
}

/** The action of that name; undefined when the type has none such. */
export function findAction(type: SteveType, name: string): Action | undefined {
  const run = byType[type.id]?.run;
  return run !== undefined && Object.hasOwn(run, name) ? run[name] : undefined;
}

/** Whether who asks may run actions that change the object. */
export function mayAct(request: SimRequest, type: SteveType, object: KubeObject, action: string): boolean {
  if (mayEdit(request, type, object)) return true;
  return byType[type.id]?.open === true && actionNames(request, type, object).includes(action);
}

/** What each type can do at all. */
export const steveActions: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(byType).map(([id, { run }]) => [id, Object.keys(run)]),
);
