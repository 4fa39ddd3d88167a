import * as z from "zod";
import { type InventoryKind, summaries } from "../../../../contracts/relay/summaries.ts";
import type { InventoryItem } from "../../../kernel/ports/clusters.ts";

/** What a line of the topology means, read from `from` to `to`. */
export const EdgeKind = z.enum(["runs_on", "uses", "made_from", "stored_by", "attached_to", "backup_of"]);

export const TopologyNode = z.strictObject({
  /** `group/plural/namespace/name` */
  key: z.string(),
  kind: z.string(),
  namespace: z.string().nullable(),
  name: z.string(),
  state: z.string().nullable(),
});
export const TopologyEdge = z.strictObject({ from: z.string(), to: z.string(), kind: EdgeKind });
type Edge = z.infer<typeof TopologyEdge>;

export interface Topology {
  readonly nodes: readonly z.infer<typeof TopologyNode>[];
  readonly edges: readonly Edge[];
}

const kinds: Readonly<Record<string, string>> = {
  "core/nodes": "host",
  "core/namespaces": "namespace",
  "kubevirt.io/virtualmachines": "vm",
  "core/persistentvolumeclaims": "volume",
  "longhorn.io/volumes": "replicas",
  "harvesterhci.io/virtualmachineimages": "image",
  "k8s.cni.cncf.io/network-attachment-definitions": "network",
  "harvesterhci.io/virtualmachinebackups": "backup",
  "harvesterhci.io/virtualmachinerestores": "restore",
};

/** How the things of an inventory hang together. Lines to things that are not among the items are left out. */
export function topologyOf(items: readonly InventoryItem[]): Topology {
  const known = new Set(items.map(({ key }) => key));
  const nodes = items.map((item) => nodeOf(item));
  const edges = items.flatMap((item) => edgesOf(item)).filter(({ to }) => known.has(to));
  return { nodes, edges };
}

function nodeOf({ key, summary }: InventoryItem): z.infer<typeof TopologyNode> {
  const [group = "", plural = "", namespace = "", name = ""] = key.split("/");
  const { state, robustness, phase } = summary;
  const found = [state, robustness, phase].find((value) => typeof value === "string");
  return {
    key,
    kind: kinds[`${group}/${plural}`] ?? plural,
    namespace: namespace === "" ? null : namespace,
    name,
    state: typeof found === "string" ? found : null,
  };
}

function edgesOf(item: InventoryItem): Edge[] {
  const { key, summary } = item;
  const line = (kind: Edge["kind"], into: InventoryKind, link: string | null): Edge[] =>
    link === null ? [] : [{ from: key, to: keyOf(into, link), kind }];
  const read = <Kind extends InventoryKind>(kind: Kind) =>
    summaries[kind].safeParse(summary).data as z.infer<(typeof summaries)[Kind]> | undefined;
  const kind = key.split("/").slice(0, 2).join("/");
  if (kind === "kubevirt.io/virtualmachines") {
    const vm = read("kubevirt.io/virtualmachines");
    if (vm === undefined) return [];
    return [
      ...line("runs_on", "core/nodes", vm.host),
      ...vm.volumes.flatMap((link) => line("uses", "core/persistentvolumeclaims", link)),
      ...vm.networks.flatMap((link) =>
        line("attached_to", "k8s.cni.cncf.io/network-attachment-definitions", link),
      ),
    ];
  }
  if (kind === "core/persistentvolumeclaims") {
    const volume = read("core/persistentvolumeclaims");
    if (volume === undefined) return [];
    const backing = volume.backing === null ? null : `longhorn-system/${volume.backing}`;
    return [
      ...line("made_from", "harvesterhci.io/virtualmachineimages", volume.image),
      ...line("stored_by", "longhorn.io/volumes", backing),
    ];
  }
  if (kind === "harvesterhci.io/virtualmachinebackups") {
    return line(
      "backup_of",
      "kubevirt.io/virtualmachines",
      read("harvesterhci.io/virtualmachinebackups")?.vm ?? null,
    );
  }
  return [];
}

const keyOf = (kind: InventoryKind, link: string): string =>
  link.includes("/") ? `${kind}/${link}` : `${kind}//${link}`;
