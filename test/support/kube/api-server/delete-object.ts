import type { DeleteOptions, Kind, KubeObject, Status } from "../words.ts";
import type { Cluster } from "./cluster.ts";
import { isNamespace, isPod } from "./deletion.ts";
import { isRecord } from "./json.ts";
import { listObjects, type ObjectList } from "./object-list.ts";
import { badRequest } from "./status-error.ts";
import { admitDeletion, type Writer } from "./write-object.ts";

const POLICIES = ["Background", "Foreground", "Orphan"] as const;

/** Reads the options of a DELETE from its body, else from its query. @throws StatusError 400 */
export function deleteOptionsOf(body: unknown, query: URLSearchParams): DeleteOptions & { dryRun: boolean } {
  const given = isRecord(body) ? body : {};
  const policyText = given["propagationPolicy"] ?? query.get("propagationPolicy") ?? undefined;
  const orphans = given["orphanDependents"];
  const policy = typeof orphans === "boolean" ? (orphans ? "Orphan" : "Background") : policyText;
  const propagationPolicy = POLICIES.find((one) => one === policy);
  if (policy !== undefined && !propagationPolicy) {
    throw badRequest(
      `DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "${String(policy)}": supported values: "Foreground", "Background", "Orphan", "nil"`,
    );
  }
  const graceText = given["gracePeriodSeconds"] ?? query.get("gracePeriodSeconds");
  const grace = graceText === undefined || graceText === null ? undefined : Number(graceText);
  if (grace !== undefined && (!Number.isInteger(grace) || grace < 0)) {
    throw badRequest("gracePeriodSeconds: Invalid value: must be greater than or equal to 0");
  }
  const wanted = isRecord(given["preconditions"]) ? given["preconditions"] : undefined;
  const dryRun = given["dryRun"];
  return {
    ...(propagationPolicy ? { propagationPolicy } : {}),
    ...(grace === undefined ? {} : { gracePeriodSeconds: grace }),
    ...(wanted ? { preconditions: wanted } : {}),
    dryRun: query.get("dryRun") === "All" || (Array.isArray(dryRun) && dryRun.includes("All")),
  };
}

/** Answers a DELETE of one object: a Status where nothing is left of it, else the object that waits. */
export function deleteObject(
  cluster: Cluster,
  place: { readonly kind: Kind; readonly namespace?: string; readonly name: string },
  body: unknown,
  writer: Writer,
): KubeObject | Omit<Status, "status" | "message" | "reason" | "code"> {
  const { kind, namespace, name } = place;
  const { dryRun, ...options } = deleteOptionsOf(body, writer.query);
  const old = cluster.store.mustPeek(kind, namespace, name);
  admitDeletion(cluster, kind, old, writer);
  const { gone, object } = cluster.store.remove(kind, namespace, name, options, dryRun);
  if (!gone || isNamespace(kind) || isPod(kind)) return object;
  const details = {
    name,
    ...(kind.group === "" ? {} : { group: kind.group }),
    kind: kind.plural,
    uid: object.metadata.uid,
  };
  return { kind: "Status", apiVersion: "v1", metadata: {}, ...{ status: "Success" }, details };
}

/** Answers a DELETE of all that the selectors mean: the list of what was deleted. */
export function deleteCollection(
  cluster: Cluster,
  place: { readonly kind: Kind; readonly namespace?: string },
  body: unknown,
  writer: Writer,
): ObjectList {
  const { kind, namespace } = place;
  const { dryRun, ...options } = deleteOptionsOf(body, writer.query);
  const list = listObjects(cluster.store, kind, namespace, writer.query);
  const items: KubeObject[] = [];
  for (const object of list.items) {
    const { name, namespace: home } = object.metadata;
    const now = cluster.store.peek(kind, home, name);
    if (now?.metadata.uid !== object.metadata.uid) continue;
    admitDeletion(cluster, kind, now, writer);
    items.push(cluster.store.remove(kind, home, name, options, dryRun).object);
  }
  return { ...list, items };
}
