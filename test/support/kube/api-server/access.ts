import type { AccessQuestion, KubeObject, User } from "../words.ts";
import { isRecord } from "./json.ts";
import type { MemoryStore } from "./memory-store.ts";
import { refuse, type StatusError } from "./status-error.ts";

/** One rule of a Role, as stored. */
export interface RoleRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  readonly verbs: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

const RBAC = "rbac.authorization.k8s.io";

/** Whether the stored roles let the user do this. `system:masters` may do everything. */
export function isAllowed(store: MemoryStore, user: User, question: AccessQuestion): boolean {
  if (user.groups.includes("system:masters")) return true;
  return rulesOf(store, user, question.namespace).some((rule) => allows(rule, question));
}

export function isPathAllowed(store: MemoryStore, user: User, verb: string, path: string): boolean {
  if (user.groups.includes("system:masters")) return true;
  return rulesOf(store, user, undefined).some(
    ({ verbs, nonResourceURLs }) =>
      has(verbs, verb) &&
      nonResourceURLs.some((url) => (url.endsWith("*") ? path.startsWith(url.slice(0, -1)) : url === path)),
  );
}

/** @throws StatusError 403 in the words of Kubernetes */
export function mustBeAllowed(store: MemoryStore, user: User, question: AccessQuestion): void {
  if (!isAllowed(store, user, question)) throw denied(user, question);
}

function denied(user: User, question: AccessQuestion): StatusError {
  const { verb, group, resource, subresource, namespace, name } = question;
  const full = subresource ? `${resource}/${subresource}` : resource;
  const typed = group === "" ? resource : `${resource}.${group}`;
  const where = namespace ? `in the namespace "${namespace}"` : "at the cluster scope";
  const what = name ? `${typed} "${name}"` : typed;
  return refuse(
    403,
    "Forbidden",
    `${what} is forbidden: User "${user.name}" cannot ${verb} resource "${full}" in API group "${group}" ${where}`,
    { ...(name ? { name } : {}), ...(group === "" ? {} : { group }), kind: resource },
  );
}

/** What the user may do in a namespace (and everywhere), or with undefined at the cluster scope. */
export function rulesOf(store: MemoryStore, user: User, namespace: string | undefined): RoleRule[] {
  const clusterRoles = store.kindOf(RBAC, "clusterroles");
  const roles = store.kindOf(RBAC, "roles");
  const found: RoleRule[] = [];
  const gather = (binding: KubeObject, home: string | undefined) => {
    if (!binds(binding, user)) return;
    const ref = binding["roleRef"];
    if (!isRecord(ref)) return;
    const name = String(ref["name"]);
    const role =
      ref["kind"] === "ClusterRole"
        ? store.peek(clusterRoles, undefined, name)
        : store.peek(roles, home, name);
    found.push(...readRules(role));
  };
  for (const binding of store.peekAll(store.kindOf(RBAC, "clusterrolebindings"))) gather(binding, undefined);
  if (namespace !== undefined) {
    for (const binding of store.peekAll(store.kindOf(RBAC, "rolebindings"), namespace))
      gather(binding, namespace);
  }
  return found;
}

function binds(binding: KubeObject, user: User): boolean {
  const subjects = binding["subjects"];
  if (!Array.isArray(subjects)) return false;
  return subjects.some((subject: unknown) => {
    if (!isRecord(subject)) return false;
    const { kind, name, namespace } = subject;
    if (kind === "Group") return [...user.groups, "system:authenticated"].includes(String(name));
    if (kind === "ServiceAccount") {
      return user.name === `system:serviceaccount:${String(namespace)}:${String(name)}`;
    }
    return kind === "User" && user.name === name;
  });
}

function readRules(role: KubeObject | undefined): RoleRule[] {
  const rules = role?.["rules"];
  if (!Array.isArray(rules)) return [];
  return rules.filter(isRecord).map((rule) => ({
    apiGroups: texts(rule["apiGroups"]),
    resources: texts(rule["resources"]),
    resourceNames: texts(rule["resourceNames"]),
    verbs: texts(rule["verbs"]),
    nonResourceURLs: texts(rule["nonResourceURLs"]),
  }));
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

const has = (list: readonly string[], wanted: string) => list.includes("*") || list.includes(wanted);

function allows(rule: RoleRule, question: AccessQuestion): boolean {
  const { verb, group, resource, subresource, name } = question;
  const full = subresource ? `${resource}/${subresource}` : resource;
  const named = rule.resourceNames.length === 0 || (name !== undefined && rule.resourceNames.includes(name));
  const meant =
    has(rule.resources, full) || (subresource !== undefined && rule.resources.includes(`*/${subresource}`));
  return named && meant && has(rule.verbs, verb) && has(rule.apiGroups, group);
}
