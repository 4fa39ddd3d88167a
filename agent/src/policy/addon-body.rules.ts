import type { PolicyRequest } from "./request.ts";

/** Whether a request writes an add-on: what its chart installs has the rights of the cluster's administrator. */
export function writesAddon(request: PolicyRequest): boolean {
  return (
    request.kind === "resource" &&
    request.apiGroup === "harvesterhci.io" &&
    request.resource === "addons" &&
    !["get", "list", "watch", "delete"].includes(request.verb)
  );
}

const wholeKeys = new Set(["apiVersion", "kind", "metadata", "spec"]);
const metadataKeys = new Set(["name", "namespace", "resourceVersion"]);
const specKeys = new Set(["enabled", "valuesContent"]);

/** An add-on is switched and given values, never another chart, repository or version; a reason when a body does more. */
export function refuseAddonBody(body: unknown): string | undefined {
  if (!isFields(body)) return "The body of a change to an add-on must be a JSON object, as a merge patch.";
  const { metadata = {}, spec = {} } = body;
  const strange =
    strangeKey(body, wholeKeys, "") ??
    strangeKey(metadata, metadataKeys, "metadata.") ??
    strangeKey(spec, specKeys, "spec.");
  return strange === undefined
    ? undefined
    : `The agent's guard "risky-settings" holds back changes to ${strange} of an add-on; only its local administrator can lift it in agent.yaml.`;
}

function strangeKey(value: unknown, known: ReadonlySet<string>, prefix: string): string | undefined {
  if (!isFields(value)) return prefix.slice(0, -1);
  const key = Object.keys(value).find((name) => !known.has(name));
  return key === undefined ? undefined : prefix + key;
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
