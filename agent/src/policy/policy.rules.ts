import { guardRules } from "./guards.rules.ts";
import { cloudInitLabel, harvesterRules, plainPaths } from "./harvester-rules.ts";
import type { Guard, Policy, PolicyRule } from "./policy.ts";
import { guards } from "./policy.ts";
import type { PolicyRequest, ResourceRequest } from "./request.ts";

/** Bytes of a body where a rule names no other bound. */
export const defaultBodyBytes = 4 * 1024 * 1024;

/** What the policy says to a request. `label`: only on objects that carry it, in the body and in the cluster. */
export type PolicyAnswer =
  | { readonly allowed: true; readonly maxBodyBytes: number; readonly label?: string }
  | {
      readonly allowed: false;
      readonly code: "read_only" | "policy_refused";
      readonly detail: string;
      readonly guard?: Guard;
    };

const readingVerbs = new Set(["get", "list", "watch"]);
// Reviews are created, and change nothing.
const reviewGroups = new Set(["authorization.k8s.io", "authentication.k8s.io"]);

/** Decides by read-only mode, then guards, then deny rules, then allow rules; what no rule allows is refused. */
export function judge(policy: Policy, request: PolicyRequest): PolicyAnswer {
  if (policy.readOnly && !readsOnly(request)) {
    return {
      allowed: false,
      code: "read_only",
      detail: "The agent is in read-only mode (readOnly in its agent.yaml).",
    };
  }
  if (request.kind === "plain") return judgePlain(request.verb, request.path);
  for (const guard of guards) {
    if (!policy.lift.includes(guard) && guardRules[guard].some((rule) => matches(rule, request))) {
      const detail = `${describe(request)} is held back by the agent's guard "${guard}"; only its local administrator can lift it in agent.yaml.`;
      return { allowed: false, code: "policy_refused", detail, guard };
    }
  }
  if (policy.deny.some((rule) => matches(rule, request))) {
    return refused(`${describe(request)} is denied by a rule of the agent's agent.yaml.`);
  }
  const allowed = rulesOf(policy).filter((rule) => matches(rule, request));
  if (allowed.length === 0) return refused(`No rule of the agent's agent.yaml allows ${describe(request)}.`);
  return widest(allowed);
}

function rulesOf(policy: Policy): readonly PolicyRule[] {
  return policy.defaults === "harvester" ? [...policy.allow, ...harvesterRules] : policy.allow;
}

function widest(rules: readonly PolicyRule[]): PolicyAnswer {
  const maxBodyBytes = Math.max(...rules.map((rule) => rule.maxBodyBytes ?? defaultBodyBytes));
  const label = rules.every((rule) => rule.label !== undefined) ? rules[0]?.label : undefined;
  return { allowed: true, maxBodyBytes, ...(label === undefined ? {} : { label }) };
}

function refused(detail: string): PolicyAnswer {
  return { allowed: false, code: "policy_refused", detail };
}

function judgePlain(verb: string, path: string): PolicyAnswer {
  if (verb === "get" && plainPaths.some((pattern) => matchesText(pattern, path))) {
    return { allowed: true, maxBodyBytes: 0 };
  }
  return refused(`The agent allows no ${verb} of ${path}.`);
}

function readsOnly(request: PolicyRequest): boolean {
  if (request.kind === "plain") return request.verb === "get";
  if (reviewGroups.has(request.apiGroup) && request.resource.startsWith("selfsubject")) return true;
  // A console is opened by a GET, and lets the keyboard in.
  return readingVerbs.has(request.verb) && !opensSocket(request);
}

/** Whether a request is for something that speaks both ways. */
export function opensSocket(request: PolicyRequest): boolean {
  const subresources = ["console", "vnc", "exec", "attach", "portforward", "usbredir", "vsock"];
  return request.kind === "resource" && subresources.includes(request.subresource);
}

function matches(rule: PolicyRule, request: ResourceRequest): boolean {
  if (!anyMatches(rule.verbs, request.verb)) return false;
  if (!anyMatches(rule.apiGroups, request.apiGroup) || !anyMatches(rule.resources, request.resource))
    return false;
  if (
    rule.subresources === undefined
      ? request.subresource !== ""
      : !anyMatches(rule.subresources, request.subresource || "\0")
  ) {
    return false;
  }
  if (rule.namespaces !== undefined && !isWildcard(rule.namespaces)) {
    if (request.namespace === undefined || !anyMatches(rule.namespaces, request.namespace)) return false;
  }
  if (rule.names !== undefined && !isWildcard(rule.names)) {
    if (request.name === undefined || !anyMatches(rule.names, request.name)) return false;
  }
  return true;
}

function isWildcard(patterns: readonly string[]): boolean {
  return patterns.includes("*");
}

function anyMatches(patterns: readonly string[], text: string): boolean {
  return patterns.some((pattern) => matchesText(pattern, text));
}

function matchesText(pattern: string, text: string): boolean {
  if (pattern === text) return true;
  if (pattern === "*") return text !== "\0";
  return pattern.endsWith("*") && text.startsWith(pattern.slice(0, -1));
}

/** A request as people read it: `patch settings/http-proxy.harvesterhci.io`. */
export function describe(request: PolicyRequest): string {
  if (request.kind === "plain") return `${request.verb} ${request.path}`;
  const group = request.apiGroup === "" ? "" : `.${request.apiGroup}`;
  const sub = request.subresource === "" ? "" : `/${request.subresource}`;
  const name = request.name === undefined ? "" : ` "${request.name}"`;
  const namespace = request.namespace === undefined ? "" : ` in namespace ${request.namespace}`;
  return `${request.verb} ${request.resource}${group}${sub}${name}${namespace}`;
}

const cloudInitKeys = new Set(["userdata", "networkdata", "userData", "networkData"]);

/** Whether a body may be sent to an object that only a labelled rule allows; a reason when not. */
export function refuseLabelledBody(verb: string, label: string, body: unknown): string | undefined {
  if (verb === "delete") return undefined;
  if (typeof body !== "object" || body === null || Array.isArray(body))
    return "The body must be a JSON object.";
  const object = body as {
    metadata?: { labels?: Record<string, unknown> };
    type?: unknown;
    data?: unknown;
    stringData?: unknown;
  };
  const carries = object.metadata?.labels?.[label] !== undefined;
  if (verb !== "patch" && !carries) {
    return `The agent lets through only Secrets with the label ${label}.`;
  }
  if (verb === "patch" && object.metadata?.labels?.[label] === null)
    return `A patch may not take the label ${label} off.`;
  if (
    label === cloudInitLabel &&
    object.type !== undefined &&
    object.type !== "Opaque" &&
    object.type !== "secret"
  ) {
    return "A Secret of cloud-init is of the type Opaque.";
  }
  const keys = [object.data, object.stringData].flatMap((part) =>
    typeof part === "object" && part !== null ? Object.keys(part) : [],
  );
  const strange = keys.find((key) => !cloudInitKeys.has(key));
  return strange === undefined ? undefined : `A Secret of cloud-init has no key "${strange}".`;
}
