import type { ParsedPath } from "./path.rules.ts";
import { type PolicyRequest, UnknownRequest } from "./request.ts";

const writeVerbs: Readonly<Record<string, string>> = {
  POST: "create",
  PUT: "update",
  PATCH: "patch",
  DELETE: "delete",
};

const listKeys = [
  "limit",
  "continue",
  "labelSelector",
  "fieldSelector",
  "resourceVersion",
  "resourceVersionMatch",
];
const watchKeys = ["watch", "timeoutSeconds", "allowWatchBookmarks", "sendInitialEvents"];
const writeKeys = ["dryRun", "fieldManager", "fieldValidation", "force"];
const deleteKeys = ["propagationPolicy", "gracePeriodSeconds", "removedDisks"];
const knownKeys = new Set(["pretty", "timeout", ...listKeys, ...watchKeys, ...writeKeys, ...deleteKeys]);
const logKeys = new Set([
  ..."container follow previous sinceSeconds sinceTime tailLines timestamps limitBytes pretty".split(" "),
]);
const screenshotKeys = new Set(["moveCursor"]);

/**
 * Reads a path of the Kubernetes API as the API server does.
 * @throws UnknownRequest when it is none, or has a query parameter that the agent doesn't know
 */
export function readKubernetesRequest(method: string, path: ParsedPath): PolicyRequest {
  const [root, ...after] = path.segments;
  const [group, version, parts] =
    root === "api" ? ["", after[0], after.slice(1)] : [after[0], after[1], after.slice(2)];
  if (
    (root !== "api" && root !== "apis") ||
    group === undefined ||
    version === undefined ||
    parts.length === 0
  ) {
    return readPlain(method, path);
  }
  if (!/^v[0-9][a-z0-9]*$/.test(version)) throw new UnknownRequest(`"${version}" is no version of an API.`);
  if (parts[0] === "watch" || parts[0] === "proxy") {
    throw new UnknownRequest(`Paths under /${parts[0]}/ are an old spelling that the agent refuses.`);
  }
  const inNamespace = parts[0] === "namespaces" && parts.length > 2 && !isNamespaceSubresource(parts);
  const namespace = inNamespace ? parts[1] : parts[0] === "namespaces" && group === "" ? parts[1] : undefined;
  const [resource = "", name, subresource, ...rest] = inNamespace ? parts.slice(2) : parts;
  const request = { apiGroup: group, resource, name, namespace, rest: rest.join("/") };
  const full = joinSubresource(subresource, rest);
  checkQuery(path, full);
  return { kind: "resource", verb: verbOf(method, path, name), ...request, subresource: full };
}

function isNamespaceSubresource(parts: readonly string[]): boolean {
  return parts.length === 3 && (parts[2] === "status" || parts[2] === "finalize");
}

// `vnc/screenshot`, `portforward/22/tcp`, `evacuate/cancel`: the last parts belong to the subresource's name, a port does not.
function joinSubresource(subresource: string | undefined, rest: readonly string[]): string {
  if (subresource === undefined) return "";
  if (subresource === "proxy" || subresource === "portforward") return subresource;
  return [subresource, ...rest].join("/");
}

function verbOf(method: string, path: ParsedPath, name: string | undefined): string {
  if (method === "GET" || method === "HEAD") {
    if (isTrue(path.query.get("watch"))) return "watch";
    return name === undefined ? "list" : "get";
  }
  const verb = writeVerbs[method];
  if (verb === undefined) throw new UnknownRequest(`The agent knows no method ${method}.`);
  return verb === "delete" && name === undefined ? "deletecollection" : verb;
}

/** Whether a query value switches something on, in the API server's reading. */
export function isTrue(value: string | undefined): boolean {
  return value !== undefined && value.toLowerCase() !== "false" && value !== "0";
}

function checkQuery(path: ParsedPath, subresource: string): void {
  if (subresource === "proxy") return;
  const known =
    subresource === "log" ? logKeys : subresource === "vnc/screenshot" ? screenshotKeys : knownKeys;
  for (const key of path.query.keys()) {
    if (!known.has(key)) throw new UnknownRequest(`The agent doesn't know the query parameter "${key}".`);
  }
}

function readPlain(method: string, path: ParsedPath): PolicyRequest {
  for (const key of path.query.keys()) {
    if (key !== "timeout" && key !== "verbose") {
      throw new UnknownRequest(`The agent doesn't know the query parameter "${key}" here.`);
    }
  }
  const verb = method === "GET" || method === "HEAD" ? "get" : (writeVerbs[method] ?? method.toLowerCase());
  return { kind: "plain", verb, path: `/${path.segments.join("/")}` };
}
