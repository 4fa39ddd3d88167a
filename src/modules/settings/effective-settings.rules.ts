import { catalogue, type SettingKey, type SettingValues, settingKeys } from "./catalogue.rules.ts";

/** Where a value comes from: the tenant published it, the operator set a variable, or nobody said anything. */
export type Origin = "published" | "env" | "default";

/** Values by the names of the settings; one that is absent or not valid counts as not said. */
export type SomeValues = Readonly<Record<string, unknown>>;

export type EffectiveSettings = {
  readonly [Key in SettingKey]: { readonly value: SettingValues[Key]; readonly from: Origin };
};

/** What holds: published before the operator's variable before the default. */
export function effectiveSettings(published: SomeValues, operator: SomeValues): EffectiveSettings {
  const entries = settingKeys.map((key) => [key, effective(key, published, operator)] as const);
  return Object.fromEntries(entries) as unknown as EffectiveSettings;
}

/** The values alone. */
export function settingValues(published: SomeValues, operator: SomeValues): SettingValues {
  const all = effectiveSettings(published, operator);
  return Object.fromEntries(settingKeys.map((key) => [key, all[key].value])) as unknown as SettingValues;
}

function effective(key: SettingKey, published: SomeValues, operator: SomeValues) {
  const sources = [
    ["published", published[key]],
    ["env", operator[key]],
  ] as const;
  for (const [from, said] of sources) {
    const value = catalogue[key].value.safeParse(said);
    if (value.success) return { value: value.data, from };
  }
  return { value: catalogue[key].fallback, from: "default" as const };
}
