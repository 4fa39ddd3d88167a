import type { Kind, SimResponse } from "../words.ts";
import type { Cluster } from "./cluster.ts";
import type { Json } from "./json.ts";
import { apiVersionOf } from "./kinds.ts";

const ROOT = "/openapi/v3";
const WRITE_PARAMETERS: readonly Json[] = ["dryRun", "fieldManager", "fieldValidation", "force"].map(
  (name) => ({
    name,
    in: "query",
    schema: { type: name === "force" ? "boolean" : "string", uniqueItems: true },
  }),
);

/** Answers `/openapi/v3` and one document for each group and version: as much as kubectl reads before it writes. */
export function openApi({ kinds }: Cluster, path: string): SimResponse | undefined {
  const documents = Map.groupBy(kinds.all, documentName);
  if (path === ROOT) {
    const paths = [...documents.keys()].map((name) => [
      name,
      { serverRelativeURL: `${ROOT}/${name}?hash=SIMULATED` },
    ]);
    return { status: 200, body: { paths: Object.fromEntries(paths) } };
  }
  const served = documents.get(path.slice(ROOT.length + 1));
  return path.startsWith(`${ROOT}/`) && served ? { status: 200, body: documentOf(served) } : undefined;
}

function documentName(kind: Kind): string {
  return `${kind.group === "" ? "api" : "apis"}/${apiVersionOf(kind)}`;
}

function documentOf(kinds: readonly Kind[]): Json {
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes (simulated)", version: "v1.34.2" },
    paths: Object.fromEntries(kinds.map((kind) => [pathOf(kind), { patch: patchOf(kind) }])),
    components: { schemas: Object.fromEntries(kinds.map((kind) => [schemaName(kind), schemaOf(kind)])) },
  };
}

function pathOf(kind: Kind): string {
  const home = kind.namespaced ? "/namespaces/{namespace}" : "";
  return `/${documentName(kind)}${home}/${kind.plural}/{name}`;
}

function typeOf({ group, version, kind }: Kind): Json {
  return { group, version, kind };
}

function patchOf(kind: Kind): Json {
  return {
    operationId: `patch${kind.kind}`,
    parameters: WRITE_PARAMETERS,
    responses: { 200: { description: "OK" } },
    "x-kubernetes-action": "patch",
    "x-kubernetes-group-version-kind": typeOf(kind),
  };
}

function schemaName(kind: Kind): string {
  return `${kind.group || "core"}.${kind.version}.${kind.kind}`;
}

function schemaOf(kind: Kind): Json {
  const { properties = {}, ...rest } = (kind.schema ?? { type: "object" }) as { properties?: Json };
  const metadata = { type: "object", description: "Standard object's metadata." };
  return {
    ...rest,
    properties: { apiVersion: { type: "string" }, kind: { type: "string" }, metadata, ...properties },
    "x-kubernetes-group-version-kind": [typeOf(kind)],
  };
}
