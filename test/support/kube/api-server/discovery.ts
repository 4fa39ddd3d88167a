import type { Kind, SimResponse } from "../words.ts";
import type { Cluster } from "./cluster.ts";
import type { Json } from "./json.ts";

const ALL_VERBS = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
const REVIEWS: readonly Json[] = [
  "SelfSubjectAccessReview",
  "SelfSubjectRulesReview",
  "SubjectAccessReview",
].map((kind) => ({
  name: `${kind.toLowerCase()}s`,
  singularName: kind.toLowerCase(),
  namespaced: false,
  kind,
  verbs: ["create"],
}));
const POD_SUBRESOURCES: readonly Json[] = [
  { name: "pods/log", singularName: "", namespaced: true, kind: "Pod", verbs: ["get"] },
  {
    name: "pods/eviction",
    singularName: "",
    namespaced: true,
    group: "policy",
    version: "v1",
    kind: "Eviction",
    verbs: ["create"],
  },
  { name: "pods/binding", singularName: "", namespaced: true, kind: "Binding", verbs: ["create"] },
];

/** Answers `/api`, `/apis`, `/api/v1`, `/apis/{group}` and `/apis/{group}/{version}`. */
export function discovery({ kinds }: Cluster, path: string): SimResponse | undefined {
  const [root, group, version, ...more] = path.split("/").slice(1);
  if (more.length > 0) return undefined;
  const body =
    root === "api"
      ? core(kinds.all, group, version)
      : root === "apis"
        ? grouped(kinds.all, group, version)
        : undefined;
  return body && { status: 200, body };
}

function core(
  kinds: readonly Kind[],
  version: string | undefined,
  more: string | undefined,
): Json | undefined {
  if (more !== undefined) return undefined;
  if (version === undefined) {
    return {
      kind: "APIVersions",
      versions: ["v1"],
      serverAddressByClientCIDRs: [],
    };
  }
  return resourceList(kinds, "", version);
}

function grouped(
  kinds: readonly Kind[],
  group: string | undefined,
  version: string | undefined,
): Json | undefined {
  if (group !== undefined && version !== undefined) return resourceList(kinds, group, version);
  const names = [...new Set([...kinds.map((kind) => kind.group), "authorization.k8s.io"])].filter(Boolean);
  const groups = names.sort().map((name) => groupOf(kinds, name));
  if (group === undefined) return { kind: "APIGroupList", apiVersion: "v1", groups };
  const found = groups.find((one) => one["name"] === group);
  return found && { kind: "APIGroup", apiVersion: "v1", ...found };
}

function groupOf(kinds: readonly Kind[], name: string): Json {
  const found = kinds.filter(({ group }) => group === name).map(({ version }) => version);
  const versions = [...new Set(name === "authorization.k8s.io" ? ["v1"] : found)].map((version) => ({
    groupVersion: `${name}/${version}`,
    version,
  }));
  return { name, versions, preferredVersion: versions[0] };
}

function resourceList(kinds: readonly Kind[], group: string, version: string): Json | undefined {
  const served = kinds.filter((kind) => kind.group === group && kind.version === version);
  const own = served.flatMap(resourcesOf);
  const extra =
    group === "authorization.k8s.io" && version === "v1"
      ? REVIEWS
      : own.length > 0 && group === ""
        ? POD_SUBRESOURCES
        : [];
  const resources = [...own, ...extra];
  if (resources.length === 0) return undefined;
  const groupVersion = group === "" ? version : `${group}/${version}`;
  return { kind: "APIResourceList", apiVersion: "v1", groupVersion, resources };
}

function resourcesOf(kind: Kind): Json[] {
  const { namespaced } = kind;
  const named = (kind.subresources ?? []).map((subresource) => ({
    name: `${kind.plural}/${subresource}`,
    singularName: "",
    namespaced,
    ...(subresource === "scale"
      ? { group: "autoscaling", version: "v1", kind: "Scale" }
      : { kind: kind.kind }),
    verbs: ["get", "patch", "update"],
  }));
  const self = {
    name: kind.plural,
    singularName: kind.singular,
    namespaced,
    kind: kind.kind,
    verbs: kind.verbs ?? ALL_VERBS,
    ...(kind.shortNames ? { shortNames: kind.shortNames } : {}),
  };
  return [self, ...named];
}
