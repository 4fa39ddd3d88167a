import type { Kind, KubeObject } from "../words.ts";
import type { Cluster } from "./cluster.ts";
import { isRecord } from "./json.ts";
import { mergePatch } from "./merge-patch.ts";
import { badRequest } from "./status-error.ts";
import { createObject, objectOf, replaceObject, type Writer } from "./write-object.ts";

export function applyConfiguration(
  cluster: Cluster,
  place: {
    readonly kind: Kind;
    readonly namespace?: string;
    readonly name: string;
    readonly subresource?: string;
  },
  given: unknown,
  writer: Writer,
): { readonly object: KubeObject; readonly created: boolean } {
  if (!isRecord(given)) throw badRequest("the configuration is not an object");
  const { kind, namespace, name } = place;
  const wanted = objectOf(kind, given, { name, ...(namespace === undefined ? {} : { namespace }) });
  const old = cluster.store.peek(kind, namespace, name);
  if (!old) return { object: createObject(cluster, kind, wanted, writer), created: true };
  return {
    object: replaceObject(cluster, place, old, mergePatch(old, wanted) as KubeObject, writer),
    created: false,
  };
}
