import { strToU8, zipSync } from "fflate";
import type { ExtraRoute, SimRequest, SimResponse } from "../../words.ts";
import { currentTarget, unreachable } from "../admission/backup-target.ts";
import { all, find, missing, settingValue } from "../admission/look.ts";
import { isTrue } from "../machines/conditions.ts";
import { type Fields, fieldsAt, fieldsOf, textAt } from "../machines/fields.ts";
import { invalidBody, serverError } from "./action-fault.ts";
import { baseOf } from "./present.ts";

/** Whether the backup target answers: 200 without a body, or why not. */
function backupTargetHealth({ world }: SimRequest): SimResponse {
  const value = textAt(find(world, "settings", undefined, "backup-target"), "value");
  if (value === undefined) throw invalidBody("backup-target setting is not set");
  let target: Fields | "unset";
  try {
    target = currentTarget(world);
  } catch (error) {
    throw serverError(
      `can't decode backup-target setting ${value}, error: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  if (target === "unset") {
    throw invalidBody("can't check the backup target healthy, backup-target setting is not set");
  }
  const why = unreachable(target);
  if (why !== undefined) {
    throw invalidBody(
      `can't connect to backup target ${textAt(target, "type")} ${textAt(target, "endpoint") ?? ""}, error: ${why}`,
    );
  }
  return { status: 200 };
}

function uiInfo({ world }: SimRequest): SimResponse {
  const source = settingValue(world, "ui-source") ?? "auto";
  const release = /^v\d/.test(settingValue(world, "server-version") ?? "");
  return {
    status: 200,
    body: {
      "ui-source": source === "auto" ? (release ? "bundled" : "external") : source,
      "ui-index": settingValue(world, "ui-index") ?? "",
      "ui-plugin-index": settingValue(world, "ui-plugin-index") ?? "",
      "ui-plugin-bundled-version": "",
    },
  };
}

function readiness({ world }: SimRequest): SimResponse {
  const ready = all(world, "nodes").some((node) => isTrue(node, "Ready"));
  return ready
    ? { status: 200, body: { ready: true, msg: "" } }
    : { status: 503, body: { ready: false, msg: "rkeControlPlane is not ready" } };
}

/** A kubeconfig for a service account, with a token of its own. */
async function kubeconfig(request: SimRequest): Promise<SimResponse> {
  const input = fieldsOf(await request.json());
  const namespace = textAt(input, "namespace") ?? "default";
  const name = textAt(input, "saName");
  if (name === undefined) throw invalidBody("parameter saName is required");
  request.mustBeAllowed({ verb: "create", group: "", resource: "serviceaccounts", namespace });
  const user = `system:serviceaccount:${namespace}:${name}`;
  const token = request.world.tokens.issue({
    name: user,
    groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"],
  });
  const config = [
    "apiVersion: v1",
    "kind: Config",
    `clusters: [{ name: local, cluster: { server: "${baseOf(request)}" } }]`,
    `users: [{ name: local, user: { token: "${token}" } }]`,
    `contexts: [{ name: local, context: { cluster: local, user: local, namespace: ${namespace} } }]`,
    "current-context: local",
    "",
  ].join("\n");
  return { status: 200, body: Buffer.from(JSON.stringify(config)) };
}

function supportBundle(request: SimRequest): SimResponse {
  const { name = "" } = request.params;
  const { world } = request;
  const namespace = "harvester-system";
  request.mustBeAllowed({
    verb: "get",
    group: "harvesterhci.io",
    resource: "supportbundles",
    namespace,
    name,
  });
  const bundle = find(world, "supportbundles", namespace, name);
  if (bundle === undefined) {
    throw invalidBody(`fail to get support bundle resource: ${missing("supportbundles", name)}`);
  }
  if (textAt(bundle, "status", "state") !== "ready") throw invalidBody("support bundle is not ready");
  const metadata = JSON.stringify({ projectName: "Harvester", spec: fieldsAt(bundle, "spec") });
  const nodes = all(world, "nodes").map((node) => node.metadata.name);
  const file = zipSync({
    "metadata.yaml": strToU8(metadata),
    "nodes.txt": strToU8(`${nodes.join("\n")}\n`),
  });
  const filename = textAt(bundle, "status", "filename") ?? `${name}.zip`;
  return {
    status: 200,
    headers: {
      "content-type": "application/zip",
      "content-disposition": `attachment; filename=${filename}`,
    },
    body: file,
  };
}

const at = (method: string, pattern: string, handle: ExtraRoute["handle"], open = false): ExtraRoute => ({
  method,
  pattern,
  handle,
  ...(open ? { public: true } : {}),
});

/** What is beside the types: health, the console's settings, downloads. */
export const servicePaths: readonly ExtraRoute[] = [
  at("GET", "/v1/harvester/backuptarget/healthz", backupTargetHealth),
  at("GET", "/v1/harvester/ui-info", uiInfo, true),
  at("GET", "/v1/harvester/readyz", readiness),
  at("POST", "/v1/harvester/kubeconfig", kubeconfig),
  at("GET", "/v1/harvester/supportbundles/{name}/download", supportBundle),
];
