import type { SimRequest, SimResponse } from "../words.ts";
import { isAllowed, isPathAllowed, rulesOf } from "./access.ts";
import type { Cluster } from "./cluster.ts";
import { isRecord, type Json, readPath } from "./json.ts";
import { readObject } from "./read-body.ts";
import { badRequest } from "./status-error.ts";

const ROOT = "/apis/authorization.k8s.io/v1/";

/** Answers what a user may do: `selfsubjectaccessreviews` and its kin. Nothing of it is stored. */
export async function answerReview(cluster: Cluster, request: SimRequest): Promise<SimResponse | undefined> {
  if (request.method !== "POST" || !request.path.startsWith(ROOT)) return undefined;
  const answer = REVIEWS[request.path.slice(ROOT.length)];
  if (!answer) return undefined;
  const given = await readObject(request);
  if (!isRecord(given)) throw badRequest("the request body is not a review");
  return { status: 201, body: { ...given, status: answer(cluster, request, given) } };
}

const REVIEWS: Readonly<Record<string, (cluster: Cluster, request: SimRequest, given: Json) => Json>> = {
  selfsubjectaccessreviews: ({ store }, { user }, given) => decide(store, user, given),
  subjectaccessreviews: ({ store }, request, given) => {
    request.mustBeAllowed({
      verb: "create",
      group: "authorization.k8s.io",
      resource: "subjectaccessreviews",
    });
    const groups = readPath(given, "spec.groups");
    const name = String(readPath(given, "spec.user") ?? "");
    return decide(store, { name, groups: Array.isArray(groups) ? groups.map(String) : [] }, given);
  },
  selfsubjectrulesreviews: ({ store }, { user }, given) => {
    const all = {
      verbs: ["*"],
      apiGroups: ["*"],
      resources: ["*"],
      resourceNames: [],
      nonResourceURLs: ["*"],
    };
    const rules = user.groups.includes("system:masters")
      ? [all]
      : rulesOf(store, user, String(readPath(given, "spec.namespace") ?? "default"));
    return {
      resourceRules: rules
        .filter(({ resources }) => resources.length > 0)
        .map(({ nonResourceURLs: _urls, ...rule }) => rule),
      nonResourceRules: rules
        .filter(({ nonResourceURLs }) => nonResourceURLs.length > 0)
        .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
      incomplete: false,
    };
  },
};

function decide(store: Cluster["store"], user: SimRequest["user"], given: Json): Json {
  const attributes = readPath(given, "spec.resourceAttributes");
  const path = readPath(given, "spec.nonResourceAttributes");
  if (isRecord(path)) {
    return { allowed: isPathAllowed(store, user, String(path["verb"]), String(path["path"])) };
  }
  if (!isRecord(attributes)) throw badRequest("spec.resourceAttributes: Required value");
  const text = (field: string) => String(attributes[field] ?? "");
  const allowed = isAllowed(store, user, {
    verb: text("verb"),
    group: text("group"),
    resource: text("resource"),
    ...(text("subresource") ? { subresource: text("subresource") } : {}),
    ...(text("namespace") ? { namespace: text("namespace") } : {}),
    ...(text("name") ? { name: text("name") } : {}),
  });
  return { allowed, ...(allowed ? {} : { reason: "no RBAC policy matched" }) };
}
