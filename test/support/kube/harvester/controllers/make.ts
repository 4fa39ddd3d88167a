import type { KubeObject, OwnerReference, World } from "../../words.ts";
import type { Fields } from "../machines/fields.ts";
import { type KindName, kindIn } from "./kinds.ts";

export interface NewMeta {
  readonly name?: string;
  readonly generateName?: string;
  readonly namespace?: string | undefined;
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
  readonly finalizers?: string[];
  readonly ownerReferences?: OwnerReference[];
}

/** Creates an object as a controller of the cluster does: no admission, no roles. */
export function make(world: World, name: KindName, metadata: NewMeta, body: Fields = {}): KubeObject {
  const kind = kindIn(world, name);
  const { namespace, ...named } = metadata;
  return world.store.create(kind, {
    apiVersion: kind.group === "" ? kind.version : `${kind.group}/${kind.version}`,
    kind: kind.kind,
    ...body,
    metadata: {
      name: "",
      uid: "",
      resourceVersion: "",
      creationTimestamp: "",
      ...named,
      ...(namespace === undefined ? {} : { namespace }),
    },
  });
}

/** Says that an object is there because of another. */
export function ownedBy(owner: KubeObject): OwnerReference {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}
