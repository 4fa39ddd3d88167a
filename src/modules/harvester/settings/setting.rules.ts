import { problem } from "../../../kernel/problem.ts";
import { conditionsOf, fieldAt, flagAt, textAt } from "../kube/fields.rules.ts";
import type { KubeObject } from "../kube/object.ts";
import type { Setting } from "./schemas.ts";
import { type SettingRule, settingCatalogue } from "./setting-catalogue.rules.ts";

const unknown: SettingRule = { risk: "What it does is not known here." };

/** What is known of a setting; of one that a newer release brings, nothing. */
export const ruleOf = (name: string): SettingRule => settingCatalogue[name] ?? unknown;

export function readSetting(setting: KubeObject): Setting {
  const rule = ruleOf(setting.metadata.name);
  const hidden = rule.secret === true;
  const value = textAt(setting, "value");
  const standard = textAt(setting, "default");
  const told = conditionsOf(setting).find(({ status, message }) => status === "False" && message !== null);
  return {
    name: setting.metadata.name,
    value: hidden ? null : (value ?? standard ?? ""),
    default: hidden ? null : standard,
    customized: flagAt(setting, "customized") ?? (value !== null && value !== standard),
    hidden,
    change: rule.fixed !== undefined ? "fixed" : rule.risk !== undefined ? "risky" : "free",
    note: rule.fixed ?? rule.risk ?? null,
    message: told?.message ?? null,
    resourceVersion: String(fieldAt(setting, "metadata", "resourceVersion") ?? ""),
  };
}

/** @throws conflict `harvester.setting_fixed`; invalid_input `harvester.not_confirmed` */
export function mustBeChangeable(name: string, confirm: string | undefined): void {
  const { fixed, risk } = ruleOf(name);
  if (fixed !== undefined)
    throw problem("conflict", "harvester.setting_fixed", `${name} is not changed here. ${fixed}`);
  if (risk === undefined || confirm === name) return;
  throw problem("invalid_input", "harvester.not_confirmed", `${risk} Say "${name}" in "confirm".`, {
    errors: [{ pointer: "/confirm", code: "not_confirmed", message: `Must be "${name}".` }],
  });
}

/** @throws invalid_input `harvester.setting_invalid` */
export function mustBeValue(name: string, value: string, pointer: string): void {
  const message = ruleOf(name).check?.(value);
  if (message === undefined) return;
  throw problem("invalid_input", "harvester.setting_invalid", `${name}: ${message}`, {
    errors: [{ pointer, code: "invalid_value", message }],
  });
}
