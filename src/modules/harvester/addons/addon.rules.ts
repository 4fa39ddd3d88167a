import { isMap, isScalar, parseDocument, visit } from "yaml";
import { problem } from "../../../kernel/problem.ts";
import { conditionsOf, flagAt, metaOf, textAt } from "../kube/fields.rules.ts";
import type { KubeObject } from "../kube/object.ts";
import type { Addon } from "./schemas.ts";

const states: Readonly<Record<string, Addon["state"]>> = {
  AddonEnabling: "enabling",
  AddonDeploySuccessful: "deployed",
  AddonDisabling: "disabling",
  AddonDisabled: "disabled",
  AddonUpdating: "updating",
};

export function readAddon(addon: KubeObject): Addon {
  const enabled = flagAt(addon, "spec", "enabled") === true;
  const status = textAt(addon, "status", "status");
  const failed = conditionsOf(addon).find(
    ({ type, status: holds, reason }) => /Fail/.test(`${type}${reason ?? ""}`) && holds === "True",
  );
  const state = stateOf(enabled, status === null ? "disabled" : (states[status] ?? "unknown"));
  return {
    namespace: addon.metadata.namespace ?? "",
    ...metaOf(addon),
    chart: textAt(addon, "spec", "chart"),
    version: textAt(addon, "spec", "version"),
    repository: textAt(addon, "spec", "repo"),
    enabled,
    state: failed === undefined ? state : "failed",
    message: failed?.message ?? null,
  };
}

/** What the cluster has not told yet: a switch that was just thrown. */
function stateOf(enabled: boolean, told: Addon["state"]): Addon["state"] {
  if (enabled && told === "disabled") return "enabling";
  return !enabled && told === "deployed" ? "disabling" : told;
}

const hidden = "(hidden)";
const secretKey = /pass(?:word|wd|phrase)|secret|token|api_?key|access_?key|private_?key|credential/i;

/** The values of an add-on, with what stands under keys of secrets hidden. Text that is no YAML is hidden as a whole. */
export function shownValues(addon: KubeObject): string {
  const text = textAt(addon, "spec", "valuesContent") ?? "";
  const document = parseDocument(text);
  if (document.errors.length > 0) return hidden;
  let isChanged = false;
  visit(document, {
    Pair(_, { key, value }) {
      if (!isScalar(key) || !isScalar(value) || !secretKey.test(String(key.value))) return;
      if (typeof value.value !== "string" || value.value === "") return;
      value.value = hidden;
      isChanged = true;
    },
  });
  return isChanged ? document.toString() : text;
}

/** @throws invalid_input `harvester.values_invalid` for what is no YAML map, or still holds what was hidden */
export function mustBeValues(text: string): void {
  const wrong = (code: string, message: string) =>
    problem("invalid_input", "harvester.values_invalid", message, {
      errors: [{ pointer: "/values", code, message }],
    });
  if (text.trim() === "") return;
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) throw wrong("yaml", error.message.split("\n")[0] ?? "It is not YAML.");
  if (!isMap(document.contents)) throw wrong("not_a_map", "Expected a map of values.");
  if (text.includes(hidden))
    throw wrong("hidden", `Write what stands as ${hidden} as it should be; it is never shown.`);
}

/** @throws conflict `harvester.wrong_state` while something goes on with the add-on, or when it is so already */
export function mustSwitch(addon: Addon, enabled: boolean): void {
  const wrong = (detail: string) => problem("conflict", "harvester.wrong_state", detail);
  if (addon.state === "enabling" || addon.state === "disabling" || addon.state === "updating")
    throw wrong(`${addon.name} is ${addon.state}. Wait until that is done.`);
  if (addon.enabled === enabled) throw wrong(`${addon.name} is ${enabled ? "enabled" : "disabled"} already.`);
}

/** @throws invalid_input `harvester.not_confirmed` */
export function mustConfirm(name: string, confirm: string): void {
  if (confirm === name) return;
  throw problem(
    "invalid_input",
    "harvester.not_confirmed",
    `What ${name} keeps may go with it. Say its name.`,
    {
      errors: [{ pointer: "/confirm", code: "not_confirmed", message: `Must be "${name}".` }],
    },
  );
}
