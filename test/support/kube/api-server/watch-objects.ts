import type { Kind, KubeObject, SimRequest } from "../words.ts";
import type { Cluster } from "./cluster.ts";
import { revisionOf } from "./object-list.ts";
import type { Outflow } from "./outflow.ts";
import { selectionOf } from "./selectors.ts";
import { refuse } from "./status-error.ts";

const LONGEST_WATCH_SECONDS = 30 * 60;

/** Answers `?watch=true`. @throws StatusError 400 422 */
export function watchObjects(
  cluster: Cluster,
  place: { readonly kind: Kind; readonly namespace?: string; readonly name?: string },
  { path, query }: Pick<SimRequest, "path" | "query">,
  show: (object: KubeObject) => unknown,
): Outflow {
  const { kind, namespace, name } = place;
  const asked = new URLSearchParams(query);
  if (name !== undefined) asked.set("fieldSelector", `metadata.name=${name}`);
  const initial = initialEventsOf(query);
  const since = revisionOf(query.get("resourceVersion") ?? "");
  const seconds = Number(query.get("timeoutSeconds") ?? 0) || LONGEST_WATCH_SECONDS;
  return cluster.watches.watch({
    path,
    kind,
    ...(namespace === undefined ? {} : { namespace }),
    selection: selectionOf(kind, asked),
    ...startOf(cluster, initial, since),
    bookmarks: query.get("allowWatchBookmarks") === "true",
    marksInitialEnd: initial === true,
    timeoutMs: seconds * 1000,
    show,
  });
}

/** No revision, or 0, means: first all that is there; unless the watcher said that it wants none of that. */
function startOf(cluster: Cluster, initial: boolean | undefined, since: number): { since?: number } {
  if (initial === true) return {};
  if (since > 0) return { since };
  return initial === false ? { since: cluster.store.revision() } : {};
}

function initialEventsOf(query: URLSearchParams): boolean | undefined {
  const text = query.get("sendInitialEvents");
  const match = query.get("resourceVersionMatch");
  if (text === null) {
    if (match === null) return undefined;
    throw badOption("resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
  }
  if (match !== "NotOlderThan") {
    throw badOption("sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
  }
  return text === "true";
}

function badOption(why: string): Error {
  const message = `ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: ${why}`;
  return refuse(422, "Invalid", message, {
    group: "meta.k8s.io",
    kind: "ListOptions",
    causes: [{ reason: "FieldValueForbidden", message: `Forbidden: ${why}`, field: "resourceVersionMatch" }],
  });
}
