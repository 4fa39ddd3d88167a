import type { Kind, KubeObject, SimRequest } from "../words.ts";
import { isRecord, type Json } from "./json.ts";
import { apiVersionOf, resourceKey } from "./kinds.ts";
import type { MemoryStore } from "./memory-store.ts";
import { isSelected, type Selection, selectionOf } from "./selectors.ts";
import { badRequest, expired, refuse, StatusError } from "./status-error.ts";

/** A list as it is answered. */
export interface ObjectList {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly resourceVersion: string;
    readonly continue?: string;
    readonly remainingItemCount?: number;
  };
  readonly items: readonly KubeObject[];
}

interface Page {
  readonly revision: number;
  /** The key after which the page starts. */
  readonly after?: string;
}

const TOO_OLD =
  "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.";

/** Answers a LIST of a kind, in one namespace or all, as its query asks. @throws StatusError 400 410 504 */
export function listObjects(
  store: MemoryStore,
  kind: Kind,
  namespace: string | undefined,
  query: SimRequest["query"],
): ObjectList {
  const selection = selectionOf(kind, query);
  const page = pageOf(store, kind, query);
  const all = objectsAt(store, kind, namespace, page.revision).filter((object) =>
    isSelected(selection, object),
  );
  const { after } = page;
  const rest = after === undefined ? all : all.filter((object) => keyOf(object) > after);
  const limit = query.get("resourceVersion") === "0" ? 0 : Number(query.get("limit") ?? 0);
  if (!Number.isInteger(limit) || limit < 0) throw badRequest("limit: Invalid value: must be a whole number");
  const items = limit > 0 ? rest.slice(0, limit) : rest;
  return {
    apiVersion: apiVersionOf(kind),
    kind: `${kind.kind}List`,
    metadata: {
      resourceVersion: String(page.revision),
      ...more(selection, page.revision, items, rest.length - items.length),
    },
    items,
  };
}

function more(selection: Selection, revision: number, items: readonly KubeObject[], remaining: number): Json {
  const last = items.at(-1);
  if (remaining <= 0 || !last) return {};
  return {
    continue: tokenOf({ revision, after: keyOf(last) }),
    ...(selection.selects ? {} : { remainingItemCount: remaining }),
  };
}

function pageOf(store: MemoryStore, kind: Kind, query: URLSearchParams): Page {
  const token = query.get("continue");
  const wanted = query.get("resourceVersion") ?? "";
  const match = query.get("resourceVersionMatch");
  if (token) {
    if (wanted !== "" && wanted !== "0") {
      throw badRequest("specifying resource version is not allowed when using continue");
    }
    return continued(store, token);
  }
  if (match && wanted === "") {
    throw badRequest("resourceVersionMatch is forbidden unless resourceVersion is provided");
  }
  const revision = revisionOf(wanted);
  mustHaveCome(store, revision);
  if (match === "Exact" && revision > 0) {
    if (!store.history.reaches(revision)) {
      throw expired(`The resourceVersion for the provided list is too old: ${kind.plural} at ${revision}.`);
    }
    return { revision };
  }
  return { revision: store.revision() };
}

/** Reads `resourceVersion`; empty is 0. @throws StatusError 400 */
export function revisionOf(text: string): number {
  const revision = text === "" ? 0 : Number(text);
  if (!Number.isInteger(revision) || revision < 0) {
    throw badRequest(
      `resourceVersion: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`,
    );
  }
  return revision;
}

function mustHaveCome(store: MemoryStore, revision: number): void {
  if (revision <= store.revision()) return;
  const message = `Too large resource version: ${revision}, current: ${store.revision()}`;
  throw refuse(504, "Timeout", `Timeout: ${message}`, {
    causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
    retryAfterSeconds: 1,
  });
}

function continued(store: MemoryStore, token: string): Page {
  const page = readToken(token);
  // A token of a former refusal goes on from now, inconsistently, as its author was told.
  if (page.revision === 0) return { ...page, revision: store.revision() };
  if (store.history.reaches(page.revision)) return page;
  const { status } = expired(TOO_OLD);
  const metadata = { continue: tokenOf({ ...page, revision: 0 }) };
  throw new StatusError({ ...status, metadata } as unknown as typeof status);
}

function tokenOf({ revision, after }: Page): string {
  return Buffer.from(JSON.stringify({ v: "meta.k8s.io/v1", rv: revision, start: after })).toString(
    "base64url",
  );
}

function readToken(token: string): Page {
  try {
    const read: unknown = JSON.parse(Buffer.from(token, "base64url").toString());
    if (isRecord(read) && Number.isInteger(read["rv"]) && typeof read["start"] === "string") {
      return { revision: Number(read["rv"]), after: read["start"] };
    }
  } catch {
    // Not JSON: refused below as every other token that was not issued here.
  }
  throw badRequest(`continue key is not valid: ${token}`);
}

function keyOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ""}/${object.metadata.name}`;
}

/** The objects as they were at a revision that history still reaches, in the order of their keys. */
function objectsAt(
  store: MemoryStore,
  kind: Kind,
  namespace: string | undefined,
  revision: number,
): KubeObject[] {
  const now = store.peekAll(kind, namespace);
  if (revision >= store.revision()) return now;
  const then = new Map(now.map((object) => [keyOf(object), object]));
  for (const change of [...store.history.since(revision)].reverse()) {
    if (resourceKey(change.kind) !== resourceKey(kind)) continue;
    if (namespace !== undefined && change.object.metadata.namespace !== namespace) continue;
    if (change.old) then.set(keyOf(change.old), change.old);
    else then.delete(keyOf(change.object));
  }
  return [...then].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, object]) => object);
}
