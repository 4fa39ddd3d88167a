import type { ClusterEvent } from "../../../../contracts/relay/push.ts";
import {
  BackingVolumeSummary,
  BackupSummary,
  HostSummary,
  VirtualMachineSummary,
} from "../../../../contracts/relay/summaries.ts";

/** A thing of the inventory before and after a push; `before` is absent for one that is new, `after` for one that is gone. */
export interface InventoryChange {
  /** Its number in the inventory's log of changes. */
  readonly seq: number;
  /** `group/plural/namespace/name` */
  readonly key: string;
  readonly uid: string;
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
}

/** What the rules are told. `thing` is `cluster/namespace/name`, unique among all clusters of a tenant. */
export interface ClusterFact {
  /** Stable: the same change told twice is one event. */
  readonly id: string;
  readonly type: "host.state" | "vm.state" | "volume.state" | "backup.started" | "backup.finished";
  readonly subject: string;
  readonly data: Readonly<Record<string, string | number | null>>;
}

/**
 * The events that a change of the inventory means to the rules. A thing that is seen for the first time is told as it
 * is only where it is in trouble: a new connection must not repeat the healthy state of a whole cluster.
 */
export function clusterFacts(cluster: string, change: InventoryChange): ClusterFact[] {
  const [group = "", plural = "", namespace = "", name = ""] = change.key.split("/");
  const thing = [cluster, ...(namespace === "" ? [] : [namespace]), name].join("/");
  const at: Told = { change, thing, cluster, namespace, name };
  switch (`${group}/${plural}`) {
    case "core/nodes":
      return stateFact(
        at,
        "host.state",
        "host",
        "state",
        (summary) => HostSummary.safeParse(summary).data?.state,
        ["ready", "maintenance"],
      );
    case "kubevirt.io/virtualmachines":
      return stateFact(
        at,
        "vm.state",
        "vm",
        "state",
        (summary) => VirtualMachineSummary.safeParse(summary).data?.state,
        ["running", "stopped", "starting", "stopping", "paused", "migrating", "unknown"],
      );
    case "longhorn.io/volumes":
      return stateFact(
        at,
        "volume.state",
        "volume",
        "robustness",
        (summary) => BackingVolumeSummary.safeParse(summary).data?.robustness,
        ["healthy", "unknown"],
        (summary) => ({ claim: BackingVolumeSummary.safeParse(summary).data?.claim ?? null }),
      );
    case "harvesterhci.io/virtualmachinebackups":
      return backupFacts(at);
    default:
      return [];
  }
}

interface Told {
  readonly change: InventoryChange;
  readonly thing: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
}

type Summary = Readonly<Record<string, unknown>>;

function stateFact(
  { change, thing, cluster, namespace, name }: Told,
  type: ClusterFact["type"],
  field: string,
  stateField: string,
  stateOf: (summary: Summary | undefined) => string | undefined,
  calm: readonly string[],
  more: (summary: Summary) => Readonly<Record<string, string | null>> = () => ({}),
): ClusterFact[] {
  const before = stateOf(change.before);
  // A thing that is removed ends its alert, whatever told of its trouble.
  const after = change.after === undefined ? "removed" : stateOf(change.after);
  if (after === undefined || after === before) return [];
  if (before === undefined && (calm.includes(after) || after === "removed")) return [];
  return [
    {
      id: `${type}:${change.uid}:${change.seq}:${after}`,
      type,
      subject: thing,
      data: {
        [field]: thing,
        [stateField]: after,
        before: before ?? null,
        cluster,
        namespace,
        name,
        ...more(change.after ?? change.before ?? {}),
      },
    },
  ];
}

function backupFacts({ change, thing, cluster, namespace, name }: Told): ClusterFact[] {
  const before = BackupSummary.safeParse(change.before).data;
  const after = BackupSummary.safeParse(change.after).data;
  if (after === undefined || after.state === before?.state) return [];
  if (before === undefined && after.state === "ready") return [];
  const target = `${cluster}/${after.vm}`;
  const data = { target, backup: thing, cluster, namespace, name, kind: after.type };
  const id = (word: string) => `backup.${word}:${change.uid}`;
  if (after.state === "running")
    return [{ id: id("started"), type: "backup.started", subject: target, data }];
  const status = after.state === "ready" ? "succeeded" : "failed";
  return [
    {
      id: `${id("finished")}:${status}`,
      type: "backup.finished",
      subject: target,
      data: { ...data, status, error: after.error },
    },
  ];
}

/**
 * A crash that the cluster's own event tells of: a machine that is started again at once never stands in the inventory
 * as crashed. KubeVirt says it of the instance (virt-handler: a warning with the reason `Stopped`).
 */
export function crashFact(cluster: string, event: ClusterEvent): ClusterFact | undefined {
  const { kind, namespace, name } = event.object;
  const isCrash = event.type === "Warning" && event.reason === "Stopped" && /crashed/.test(event.message);
  if (kind !== "VirtualMachineInstance" || namespace === null || !isCrash) return undefined;
  const vm = `${cluster}/${namespace}/${name}`;
  return {
    id: `vm.state:${event.id}:crashed`,
    type: "vm.state",
    subject: vm,
    data: { vm, state: "crashed", before: null, cluster, namespace, name },
  };
}
