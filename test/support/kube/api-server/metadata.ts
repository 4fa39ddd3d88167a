import type { Kind, KubeObject, ObjectMeta } from "../words.ts";
import { copyOf, type Json, same } from "./json.ts";
import { apiVersionOf } from "./kinds.ts";

/** What a new object gets beside what its author wrote. */
export interface Birth {
  readonly uid: string;
  readonly suffix: string;
  readonly at: string;
}

const LONGEST_GENERATED = 58;

/** The object as it is first stored, without its revision: the server's own metadata can't be chosen by the author. */
export function newObject(kind: Kind, given: Partial<KubeObject>, birth: Birth): KubeObject {
  const { apiVersion: _version, kind: _kind, metadata: wanted, ...rest } = copyOf(given);
  const {
    uid: _uid,
    resourceVersion: _revision,
    creationTimestamp: _created,
    deletionTimestamp: _deleted,
    deletionGracePeriodSeconds: _grace,
    generation: _generation,
    namespace,
    name,
    ...kept
  } = (wanted ?? {}) as Partial<ObjectMeta>;
  const generated = `${(kept.generateName ?? "").slice(0, LONGEST_GENERATED)}${birth.suffix}`;
  return {
    apiVersion: apiVersionOf(kind),
    kind: kind.kind,
    metadata: {
      name: name || (kept.generateName ? generated : ""),
      ...(kind.namespaced && namespace ? { namespace } : {}),
      ...kept,
      uid: birth.uid,
      resourceVersion: "",
      ...(countsGenerations(kind) ? { generation: 1 } : {}),
      creationTimestamp: birth.at,
    },
    ...rest,
  };
}

/** The object as it is stored over an older one, still with the older one's revision. */
export function nextObject(kind: Kind, old: KubeObject, given: KubeObject): KubeObject {
  const { metadata: wanted, apiVersion: _version, kind: _kind, ...rest } = copyOf(given);
  const { uid, resourceVersion, creationTimestamp, name, namespace, generateName } = old.metadata;
  const { deletionTimestamp, deletionGracePeriodSeconds, generation } = old.metadata;
  const metadata: ObjectMeta = {
    ...wanted,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(generateName === undefined ? {} : { generateName }),
    uid,
    resourceVersion,
    creationTimestamp,
    ...(generation === undefined ? {} : { generation }),
    ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
    ...(deletionGracePeriodSeconds === undefined ? {} : { deletionGracePeriodSeconds }),
  };
  if (deletionTimestamp === undefined) delete metadata.deletionTimestamp;
  if (deletionGracePeriodSeconds === undefined) delete metadata.deletionGracePeriodSeconds;
  if (!wanted.finalizers?.length) delete metadata.finalizers;
  if (!wanted.ownerReferences?.length) delete metadata.ownerReferences;
  const next: KubeObject = { apiVersion: old.apiVersion, kind: old.kind, metadata, ...rest };
  if (generation !== undefined && !same(intentOf(kind, next), intentOf(kind, old))) {
    metadata.generation = generation + 1;
  }
  return next;
}

/** The core group's kinds count no generations. */
function countsGenerations(kind: Kind): boolean {
  return kind.group !== "" && kind.group !== "rbac.authorization.k8s.io";
}

/** What is wanted, as against what is reported: without metadata, and without status where that is reported apart. */
function intentOf(kind: Kind, object: KubeObject): Json {
  const { metadata: _metadata, ...intent } = object as Json;
  if (kind.subresources?.includes("status") || kind.builtIn) delete intent["status"];
  return intent;
}
