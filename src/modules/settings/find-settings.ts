import type { Ctx } from "../../kernel/context.ts";
import { catalogue, type SettingKey, type SettingValues, settingKeys } from "./catalogue.rules.ts";
import { effectiveSettings, settingValues } from "./effective-settings.rules.ts";
import type { Setting } from "./schemas.ts";
import { findSettingsRow } from "./store.ts";
import type { SettingsRow } from "./tables.ts";

/** What the tenant published, and at which version: what objects are told. */
export interface PublishedSettings {
  readonly version: number;
  readonly values: Readonly<Record<string, boolean | number>>;
}

/** What a row says, without who said it. */
export function publishedOf(row: SettingsRow | undefined): PublishedSettings {
  const values = Object.entries(row?.published ?? {}).map(([key, { value }]) => [key, value] as const);
  return { version: row?.version ?? 0, values: Object.fromEntries(values) };
}

export async function findPublished(ctx: Pick<Ctx, "db" | "tenantId">): Promise<PublishedSettings> {
  return publishedOf(await findSettingsRow(ctx.db, ctx.tenantId));
}

/** The settings that hold for the tenant of a call. */
export async function findSettings(ctx: Pick<Ctx, "db" | "tenantId" | "ports">): Promise<SettingValues> {
  return settingValues((await findPublished(ctx)).values, ctx.ports.settings.operator);
}

/** Every setting as it goes over the wire. */
export function settingsOf(
  row: SettingsRow | undefined,
  operator: Readonly<Record<string, unknown>>,
): Setting[] {
  const all = effectiveSettings(publishedOf(row).values, operator);
  return settingKeys.map((key) => {
    const { variable, fallback, summary, restartNeeded } = catalogue[key];
    const said = row?.published[key];
    const given = catalogue[key].value.safeParse(operator[key]);
    return {
      key,
      summary,
      ...all[key],
      variable,
      envValue: given.success ? given.data : null,
      defaultValue: fallback,
      restartNeeded,
      publishedBy: said?.by ?? null,
      publishedAt: said?.at ?? null,
      version: row?.version ?? 0,
    };
  });
}

export function settingOf(
  row: SettingsRow | undefined,
  key: SettingKey,
  operator: Readonly<Record<string, unknown>>,
) {
  const found = settingsOf(row, operator).find((one) => one.key === key);
  if (found === undefined) throw new RangeError(`no setting is called ${key}`);
  return found;
}
