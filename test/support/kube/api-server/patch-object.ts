import type { Kind, KubeObject, SimRequest } from "../words.ts";
import { applyConfiguration } from "./apply.ts";
import type { Cluster } from "./cluster.ts";
import { copyOf, isRecord, type Json } from "./json.ts";
import { jsonPatch } from "./json-patch.ts";
import { mergePatch } from "./merge-patch.ts";
import { contentTypeOf, parseText, readText } from "./read-body.ts";
import { badRequest, conflict, refuse } from "./status-error.ts";
import { strategicMergePatch } from "./strategic-merge.ts";
import { objectOf, replaceObject, type Writer } from "./write-object.ts";

interface PatchPlace {
  readonly kind: Kind;
  readonly namespace?: string;
  readonly name: string;
  readonly subresource?: string;
}

const MERGES: Readonly<Record<string, (target: unknown, patch: unknown) => unknown>> = {
  "application/json-patch+json": jsonPatch,
  "application/merge-patch+json": mergePatch,
  "application/strategic-merge-patch+json": strategicMergePatch,
};
const APPLY = "application/apply-patch+yaml";
const STRATEGIC = "application/strategic-merge-patch+json";

/** Answers a PATCH of any content type; `created` only where an apply found nothing. @throws StatusError 400 409 415 422 */
export async function patchObject(
  cluster: Cluster,
  place: PatchPlace,
  request: SimRequest,
  writer: Writer,
): Promise<{ readonly object: KubeObject; readonly created: boolean }> {
  const type = contentTypeOf(request);
  const text = await readText(request);
  if (type === APPLY) return applyConfiguration(cluster, place, parseText(text, true), writer);
  const merge = mergeOf(place.kind, type);
  const patch = parseText(text, false);
  const { kind, namespace, name } = place;
  const old = cluster.store.mustPeek(kind, namespace, name);
  const patched = merge(copyOf(old), patch);
  if (!isRecord(patched)) throw badRequest("the patch leaves no object");
  return {
    object: replaceObject(cluster, place, old, patchedObject(place, old, patched), writer),
    created: false,
  };
}

/** How patches of a content type are merged into objects of the kind. @throws StatusError 415 */
export function mergeOf(kind: Kind, type: string): (target: unknown, patch: unknown) => unknown {
  const merge = MERGES[type];
  if (!merge || (type === STRATEGIC && !kind.builtIn)) throw unsupported(kind);
  return merge;
}

/** A patch may name the revision that it was made for; it can't rename the object. */
function patchedObject(place: PatchPlace, old: KubeObject, patched: Json): KubeObject {
  const { namespace, name } = place;
  const next = objectOf(place.kind, patched, { name, ...(namespace === undefined ? {} : { namespace }) });
  const { resourceVersion } = next.metadata;
  if (resourceVersion && resourceVersion !== old.metadata.resourceVersion) throw conflict(place.kind, name);
  return next;
}

function unsupported(kind: Kind): Error {
  const types = Object.keys(MERGES).filter((type) => kind.builtIn || type !== STRATEGIC);
  return refuse(
    415,
    "UnsupportedMediaType",
    `the body of the request was in an unknown format - accepted media types include: ${[...types, APPLY].join(", ")}`,
  );
}
