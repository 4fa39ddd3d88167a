import type { AdmissionRequest, Kind, KubeObject, User } from "../words.ts";
import { admissionsOf } from "./admission.ts";
import type { Cluster } from "./cluster.ts";
import { withCoreDefaults } from "./core-defaults.ts";
import { type ManagerOfFields, trackUpdate } from "./field-managers.ts";
import { copyOf, isRecord, type Json } from "./json.ts";
import { nameViolations } from "./object-names.ts";
import { fillDefaults, pruneUnknown } from "./schema-prune.ts";
import { violationsOf } from "./schema-violations.ts";
import { badRequest, type Cause, invalid } from "./status-error.ts";

/** Who writes, and how. */
export interface Writer {
  readonly user: User;
  readonly query: URLSearchParams;
  readonly dryRun: boolean;
  readonly manager: ManagerOfFields;
  /** Says who owns the fields; absent: the manager owns what it changed. */
  readonly track?: (next: KubeObject) => void;
  /** Paths that nobody knows are told here; with `fieldValidation=Strict` they refuse the write. */
  warn(message: string): void;
}

/** Stores a new object after defaults, admission and validation. */
export function createObject(cluster: Cluster, kind: Kind, given: Json, writer: Writer): KubeObject {
  const input = copyOf(given) as Partial<KubeObject>;
  if (reportsApart(kind)) delete input["status"];
  readBySchema(kind, input as Json, writer);
  const draft = cluster.store.draft(kind, input);
  const request = requestOf(cluster, kind, "CREATE", draft, writer);
  const { mutators, validators } = admissionsOf(cluster, kind);
  for (const mutate of mutators) mutate(request);
  withCoreDefaults(kind, draft);
  mustBeValid(kind, draft);
  for (const validate of validators) validate(request);
  track(kind, draft, undefined, writer);
  return cluster.store.insert(kind, draft, writer.dryRun);
}

/** Stores an object over an older one; `subresource` says which half of it the writer may change. */
export function replaceObject(
  cluster: Cluster,
  place: { readonly kind: Kind; readonly subresource?: string },
  old: KubeObject,
  given: KubeObject,
  writer: Writer,
): KubeObject {
  const { kind, subresource } = place;
  const next = copyOf(given);
  readBySchema(kind, next, writer);
  keepOtherHalf(kind, subresource, old, next);
  if (subresource !== "status") {
    mustNotAddFinalizers(kind, old, next);
    const request = { ...requestOf(cluster, kind, "UPDATE", next, writer), old: copyOf(old) };
    const { mutators, validators } = admissionsOf(cluster, kind);
    const asked = subresource === undefined ? request : { ...request, subresource };
    for (const mutate of mutators) mutate(asked);
    withCoreDefaults(kind, next);
    mustBeValid(kind, next);
    for (const validate of validators) validate(asked);
  } else mustBeValid(kind, next);
  track(kind, next, old, writer, subresource);
  return cluster.store.replace(kind, next, writer.dryRun);
}

function track(
  kind: Kind,
  next: KubeObject,
  old: KubeObject | undefined,
  { track: own, manager }: Writer,
  subresource?: string,
): void {
  if (own) own(next);
  else trackUpdate(kind, next, old, manager, subresource);
}

/** Asks the admissions whether an object may be deleted. */
export function admitDeletion(cluster: Cluster, kind: Kind, object: KubeObject, writer: Writer): void {
  const request = requestOf(cluster, kind, "DELETE", copyOf(object), writer);
  for (const validate of admissionsOf(cluster, kind).validators) validate(request);
}

function requestOf(
  cluster: Cluster,
  kind: Kind,
  operation: AdmissionRequest["operation"],
  object: KubeObject,
  { user, query, dryRun }: Writer,
): AdmissionRequest {
  return { operation, kind, object, user, query, dryRun, world: cluster.world };
}

function reportsApart(kind: Kind): boolean {
  return kind.subresources?.includes("status") === true;
}

function keepOtherHalf(kind: Kind, subresource: string | undefined, old: KubeObject, next: KubeObject): void {
  if (subresource === "status") {
    const { status } = next;
    for (const key of Object.keys(next)) delete (next as Json)[key];
    const { resourceVersion: _old, ...kept } = copyOf(old.metadata);
    Object.assign(next, copyOf(old), { metadata: { ...kept, resourceVersion: "" } });
    if (status === undefined) delete next["status"];
    else next["status"] = status;
  } else if (reportsApart(kind)) {
    if (old["status"] === undefined) delete next["status"];
    else next["status"] = copyOf(old["status"]);
  }
}

function readBySchema(kind: Kind, object: Json, writer: Writer): void {
  if (!kind.schema) return;
  const removed = pruneUnknown(kind.schema, object);
  const validation = writer.query.get("fieldValidation") ?? "Warn";
  const said = removed.map((path) => `unknown field "${path}"`);
  if (said.length > 0 && validation === "Strict") {
    throw badRequest(
      `${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: strict decoding error: ${said.join(", ")}`,
    );
  }
  if (validation === "Warn") for (const message of said) writer.warn(message);
  fillDefaults(kind.schema, object);
}

function mustBeValid(kind: Kind, object: KubeObject): void {
  if (kind.schema) fillDefaults(kind.schema, object);
  const causes = nameViolations(kind, object);
  if (kind.schema) causes.push(...violationsOf(kind.schema, object));
  if (causes.length > 0) throw invalid(kind, object.metadata.name, causes);
}

function mustNotAddFinalizers(kind: Kind, old: KubeObject, next: KubeObject): void {
  if (old.metadata.deletionTimestamp === undefined) return;
  const known = old.metadata.finalizers ?? [];
  const added = (next.metadata.finalizers ?? []).filter((one) => !known.includes(one));
  if (added.length === 0) return;
  const list = added.map((one) => `"${one}"`).join(", ");
  const cause: Cause = {
    reason: "FieldValueForbidden",
    message: `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`,
    field: "metadata.finalizers",
  };
  throw invalid(kind, old.metadata.name, [cause]);
}

/** The body of a write as an object of the kind. @throws StatusError 400 */
export function objectOf(kind: Kind, body: unknown, path: { namespace?: string; name?: string }): KubeObject {
  if (!isRecord(body)) throw badRequest("the request body is not a JSON object");
  const wanted = kind.group === "" ? kind.version : `${kind.group}/${kind.version}`;
  const {
    apiVersion = kind.builtIn ? wanted : undefined,
    kind: said = kind.builtIn ? kind.kind : undefined,
  } = body;
  if (said === undefined) throw badRequest(`Object 'Kind' is missing in '${JSON.stringify(body)}'`);
  if (apiVersion === undefined)
    throw badRequest(`Object 'apiVersion' is missing in '${JSON.stringify(body)}'`);
  if (said !== kind.kind) {
    throw badRequest(
      `${String(said)} in version "${String(apiVersion)}" cannot be handled as a ${kind.kind}`,
    );
  }
  if (apiVersion !== wanted) {
    throw badRequest(
      `the API version in the data (${String(apiVersion)}) does not match the expected API version (${wanted})`,
    );
  }
  const given = isRecord(body["metadata"]) ? body["metadata"] : {};
  const { name = "", namespace } = given;
  if (path.name !== undefined && name !== "" && name !== path.name) {
    throw badRequest(
      `the name of the object (${String(name)}) does not match the name on the URL (${path.name})`,
    );
  }
  if (path.namespace !== undefined && namespace !== undefined && namespace !== path.namespace) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
  const metadata = { ...given, name: path.name ?? name };
  const placed = path.namespace === undefined ? metadata : { ...metadata, namespace: path.namespace };
  return { ...body, apiVersion, kind: said, metadata: placed } as unknown as KubeObject;
}
