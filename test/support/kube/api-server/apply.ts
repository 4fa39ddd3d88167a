import type { Kind, KubeObject } from "../words.ts";
import { layOver, takeOut } from "./apply-merge.ts";
import type { Cluster } from "./cluster.ts";
import { type Ownership, ownershipsOf, setOwnerships, without } from "./field-managers.ts";
import { type Fields, fieldsOf, shownPath } from "./fields.ts";
import { copyOf, isRecord, same } from "./json.ts";
import { apiVersionOf } from "./kinds.ts";
import { badRequest, conflict, refuse } from "./status-error.ts";
import { createObject, objectOf, replaceObject, type Writer } from "./write-object.ts";

interface ApplyPlace {
  readonly kind: Kind;
  readonly namespace?: string;
  readonly name: string;
  readonly subresource?: string;
}

/** Server-side apply: the object gets what the configuration says, and loses what its manager said before and no more. @throws StatusError 400 409 422 */
export function applyConfiguration(
  cluster: Cluster,
  place: ApplyPlace,
  given: unknown,
  writer: Writer,
): { readonly object: KubeObject; readonly created: boolean } {
  const { kind, namespace, name } = place;
  const configuration = configurationOf(place, given, writer);
  const old = cluster.store.peek(kind, namespace, name);
  const { resourceVersion } = configuration.metadata;
  if (resourceVersion && resourceVersion !== old?.metadata.resourceVersion) throw conflict(kind, name);
  const before = ownershipsOf(old);
  const isOurs = (one: Ownership) =>
    one.manager === writer.manager.name && one.operation === "Apply" && one.subresource === place.subresource;
  const wanted = fieldsOf(kind, configuration);
  const paths = new Set(wanted.keys());
  const clashes = old
    ? clashesOf(
        kind,
        old,
        wanted,
        before.filter((one) => !isOurs(one)),
      )
    : [];
  if (clashes.length > 0 && writer.query.get("force") !== "true") throw applyConflict(clashes);
  const taken = new Set(clashes.flatMap((clash) => clash.paths));
  const others = before.filter((one) => !isOurs(one)).map((one) => without(one, taken));
  const ours = before.find(isOurs);
  const isSame = ours !== undefined && same([...ours.paths].sort(), [...paths].sort());
  const entry: Ownership = {
    manager: writer.manager.name,
    operation: "Apply",
    subresource: place.subresource,
    apiVersion: apiVersionOf(kind),
    time: isSame ? ours.time : writer.manager.at,
    paths,
  };
  const track = (next: KubeObject) => setOwnerships(next, [...others, entry]);
  if (!old)
    return { object: createObject(cluster, kind, configuration, { ...writer, track }), created: true };
  const next = layOver(kind, old, configuration);
  dropAbandoned(next, ours, paths, others);
  next.metadata.resourceVersion = "";
  return { object: replaceObject(cluster, place, old, next, { ...writer, track }), created: false };
}

function configurationOf(
  { kind, namespace, name }: ApplyPlace,
  given: unknown,
  { query }: Writer,
): KubeObject {
  if (!query.get("fieldManager")) {
    const why = "Required value: is required for apply patch";
    throw refuse(422, "Invalid", `PatchOptions.meta.k8s.io "" is invalid: fieldManager: ${why}`, {
      group: "meta.k8s.io",
      kind: "PatchOptions",
      causes: [{ reason: "FieldValueRequired", message: why, field: "fieldManager" }],
    });
  }
  if (!isRecord(given)) throw badRequest("the configuration is not an object");
  const read = objectOf(kind, given, { name, ...(namespace === undefined ? {} : { namespace }) });
  if (read.metadata.managedFields?.length) throw badRequest("metadata.managedFields must be nil");
  return copyOf(read);
}

interface Clash {
  readonly owner: Ownership;
  readonly paths: readonly string[];
}

/** Fields that others own and that the configuration wants otherwise. */
function clashesOf(kind: Kind, old: KubeObject, wanted: Fields, others: readonly Ownership[]): Clash[] {
  const live = fieldsOf(kind, old);
  return others
    .map((owner) => ({
      owner,
      paths: [...wanted].flatMap(([path, value]) =>
        owner.paths.has(path) && live.has(path) && !same(live.get(path), value) ? [path] : [],
      ),
    }))
    .filter(({ paths }) => paths.length > 0);
}

function applyConflict(clashes: readonly Clash[]): Error {
  const said = ({ owner }: Clash) => `"${owner.manager}" using ${owner.apiVersion}`;
  const causes = clashes.flatMap((clash) =>
    clash.paths.map((path) => ({
      reason: "FieldManagerConflict",
      message: `conflict with ${said(clash)}`,
      field: shownPath(path),
    })),
  );
  const each = clashes.map((clash) =>
    clash.paths.length === 1
      ? `conflict with ${said(clash)}: ${shownPath(clash.paths[0] ?? "")}`
      : `conflicts with ${said(clash)}:\n${clash.paths.map((path) => `- ${shownPath(path)}`).join("\n")}`,
  );
  const count = causes.length === 1 ? "1 conflict" : `${causes.length} conflicts`;
  return refuse(409, "Conflict", `Apply failed with ${count}: ${each.join("\n")}`, { causes });
}

/** What this manager applied before, applies no more, and nobody else owns, goes: items before their fields. */
function dropAbandoned(
  next: KubeObject,
  ours: Ownership | undefined,
  paths: ReadonlySet<string>,
  others: readonly Ownership[],
): void {
  const abandoned = [...(ours?.paths ?? [])].filter((path) => !paths.has(path)).sort();
  const held = (path: string) =>
    others.some((one) => [...one.paths].some((other) => other === path || other.startsWith(`${path}\n`)));
  for (const path of abandoned) {
    const elements = path.split("\n");
    if (!held(path) && !isKeyOfItem(elements)) takeOut(next, elements);
  }
}

/** An item keeps what it is told apart by for as long as it is there. */
function isKeyOfItem(elements: readonly string[]): boolean {
  const item = elements.at(-2) ?? "";
  const identity: unknown = item.startsWith("k:") ? JSON.parse(item.slice(2)) : undefined;
  return isRecord(identity) && (elements.at(-1) ?? "").slice(2) in identity;
}
