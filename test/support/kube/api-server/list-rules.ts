import type { Kind } from "../words.ts";
import { isRecord, type Json } from "./json.ts";

/** How the items of a list are told apart: not at all, by value, or by some of their fields. */
export type ListRule =
  | { readonly is: "atomic" }
  | { readonly is: "set" }
  | { readonly is: "map"; readonly keys: readonly string[] };

const ATOMIC: ListRule = { is: "atomic" };

/** Merge keys of the lists in Kubernetes' own kinds, by the name of the list's field. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  addresses: ["type"],
  conditions: ["type"],
  containers: ["name"],
  env: ["name"],
  ephemeralContainers: ["name"],
  hostAliases: ["ip"],
  imagePullSecrets: ["name"],
  initContainers: ["name"],
  ownerReferences: ["uid"],
  podIPs: ["ip"],
  resourceClaims: ["name"],
  secrets: ["name"],
  topologySpreadConstraints: ["topologyKey"],
  volumeDevices: ["devicePath"],
  volumeMounts: ["mountPath"],
  volumes: ["name"],
};

/** The rule of a list in a built-in kind. Ports of containers and of services share a name, so their items decide. */
export function builtInListRule(field: string, items: readonly unknown[]): ListRule {
  if (field === "finalizers") return { is: "set" };
  if (field === "ports") {
    const ofContainer = items.some((item) => isRecord(item) && "containerPort" in item);
    return { is: "map", keys: [ofContainer ? "containerPort" : "port"] };
  }
  const keys = KEYS[field];
  return keys ? { is: "map", keys } : ATOMIC;
}

/** Where a walk through an object is: its schema there, if the kind has one that says. */
export interface Spot {
  readonly builtIn: boolean;
  readonly schema: Json | undefined;
  readonly inMetadata: boolean;
}

export function topOf(kind: Kind): Spot {
  return { builtIn: kind.builtIn, schema: kind.builtIn ? undefined : kind.schema, inMetadata: false };
}

export function fieldOf(spot: Spot, field: string): Spot {
  const { schema } = spot;
  const properties = isRecord(schema?.["properties"]) ? schema["properties"] : {};
  const inner = properties[field] ?? schema?.["additionalProperties"];
  return {
    ...spot,
    schema: isRecord(inner) ? inner : undefined,
    inMetadata: spot.inMetadata || field === "metadata",
  };
}

export function itemOf(spot: Spot): Spot {
  const items = spot.schema?.["items"];
  return { ...spot, schema: isRecord(items) ? items : undefined };
}

/** The rule of the list at a spot; a custom kind's schema says it, and lists of metadata are the same everywhere. */
export function listRuleAt(spot: Spot, field: string, items: readonly unknown[]): ListRule {
  if (spot.builtIn || spot.inMetadata) return builtInListRule(field, items);
  const keys = spot.schema?.["x-kubernetes-list-map-keys"];
  const type = spot.schema?.["x-kubernetes-list-type"];
  if (type === "set") return { is: "set" };
  return type === "map" && Array.isArray(keys) ? { is: "map", keys: keys.map(String) } : ATOMIC;
}

/** Whether a map is one value, as its schema may say. */
export function isAtomicMap(spot: Spot): boolean {
  return spot.schema?.["x-kubernetes-map-type"] === "atomic";
}

/** What an item is told apart by, or undefined where it lacks a key. */
export function identityOf(rule: ListRule, item: unknown): Json | undefined {
  if (rule.is !== "map" || !isRecord(item)) return undefined;
  const identity: Json = {};
  for (const key of rule.keys) {
    if (item[key] === undefined) return undefined;
    identity[key] = item[key];
  }
  return identity;
}
