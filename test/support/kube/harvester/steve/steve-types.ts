import { coreKinds } from "../../api-server/core-kinds.ts";
import type { Kind } from "../../words.ts";
import { harvesterKinds } from "../kinds/harvester-kinds.ts";

/** A kind as the dialect names it: `kubevirt.io.virtualmachine`, in paths in the plural. */
export interface SteveType {
  readonly id: string;
  readonly plural: string;
  readonly kind: Kind;
}

function typeOf(kind: Kind): SteveType {
  const prefix = kind.group === "" ? "" : `${kind.group}.`;
  return { id: `${prefix}${kind.kind.toLowerCase()}`, plural: `${prefix}${kind.plural}`, kind };
}

const types = [...coreKinds, ...harvesterKinds].map(typeOf);
const byName = new Map(types.flatMap((type) => [[type.id, type] as const, [type.plural, type] as const]));

/** The type of a path, written in the singular or the plural. */
export function findType(written: string): SteveType | undefined {
  return byName.get(written);
}

/** The Kubernetes path of a kind, of a namespace's or of one object. */
export function kubePath(kind: Kind, namespace?: string, name?: string): string {
  const base = kind.group === "" ? `/api/${kind.version}` : `/apis/${kind.group}/${kind.version}`;
  const scope =
    kind.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  return `${base}${scope}/${kind.plural}${name === undefined ? "" : `/${encodeURIComponent(name)}`}`;
}
