import * as z from "zod";
import type { InventoryKind } from "../../../../contracts/relay/summaries.ts";

/** The kinds of an inventory by the words that people use. */
export const inventoryKinds = {
  host: "core/nodes",
  namespace: "core/namespaces",
  vm: "kubevirt.io/virtualmachines",
  volume: "core/persistentvolumeclaims",
  replicas: "longhorn.io/volumes",
  image: "harvesterhci.io/virtualmachineimages",
  network: "k8s.cni.cncf.io/network-attachment-definitions",
  backup: "harvesterhci.io/virtualmachinebackups",
  restore: "harvesterhci.io/virtualmachinerestores",
} as const satisfies Readonly<Record<string, InventoryKind>>;

export const InventoryWord = z.enum(Object.keys(inventoryKinds) as [keyof typeof inventoryKinds]);
type InventoryWord = keyof typeof inventoryKinds;

/** What an inventory holds of one thing. */
export const InventoryThing = z
  .strictObject({
    key: z.string(),
    kind: z.string(),
    namespace: z.string().nullable(),
    name: z.string(),
    uid: z.string(),
    resourceVersion: z.string(),
    summary: z.record(z.string(), z.unknown()),
    seenAt: z.iso.datetime(),
  })
  .meta({ id: "InventoryThing" });

const words = new Map<string, InventoryWord>(
  Object.entries(inventoryKinds).map(([word, kind]) => [kind, word as InventoryWord]),
);

/** Takes `group/plural/namespace/name` apart; a kind without a word of ours keeps its plural. */
export function partsOfKey(key: string): { kind: string; namespace: string | null; name: string } {
  const [group = "", plural = "", namespace = "", ...name] = key.split("/");
  return {
    kind: words.get(`${group}/${plural}`) ?? plural,
    namespace: namespace === "" ? null : namespace,
    name: name.join("/"),
  };
}

/** How old what is known is; null when nothing was ever told. */
export const Freshness = z.strictObject({
  /** Whether an agent is connected now, so that changes arrive as they happen. */
  online: z.boolean(),
  syncedAt: z.iso.datetime().nullable(),
  ageMs: z.int().nonnegative().nullable(),
});

export function freshnessOf(
  known: { readonly online: boolean; readonly syncedAt: number | null },
  now: Date,
): z.infer<typeof Freshness> {
  const { online, syncedAt } = known;
  return {
    online,
    syncedAt: syncedAt === null ? null : new Date(syncedAt).toISOString(),
    ageMs: syncedAt === null ? null : Math.max(0, now.getTime() - syncedAt),
  };
}
