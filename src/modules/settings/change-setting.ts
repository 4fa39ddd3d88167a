import type { Ctx } from "../../kernel/context.ts";
import { expectVersion } from "../../kernel/operation.ts";
import { problem } from "../../kernel/problem.ts";
import { mustChangeWithin } from "../../kernel/project-reach.ts";
import { type SettingKey, settingKeys } from "./catalogue.rules.ts";
import { settingOf } from "./find-settings.ts";
import type { Setting } from "./schemas.ts";
import { findSettingsRow, insertSettings, replaceSettings } from "./store.ts";
import type { PublishedValue, SettingsRow } from "./tables.ts";

/** @throws not_found `settings.unknown` */
export function mustKnow(key: string): SettingKey {
  const known = settingKeys.find((one) => one === key);
  if (known !== undefined) return known;
  const message = `There is no setting ${key}; there are ${settingKeys.join(", ")}.`;
  throw problem("not_found", "settings.unknown", message);
}

/** Publishes a value for the tenant, or takes it back (null), in one write that tells who acts by it. */
export async function changeSetting(
  ctx: Ctx,
  key: SettingKey,
  said: PublishedValue | null,
): Promise<Setting> {
  mustChangeWithin(ctx.actor, null);
  const row = await findSettingsRow(ctx.db, ctx.tenantId);
  const version = row?.version ?? 0;
  expectVersion(ctx, version);
  const { [key]: _, ...others } = row?.published ?? {};
  const next: SettingsRow = {
    tenantId: ctx.tenantId,
    published: said === null ? others : { ...others, [key]: said },
    updatedAt: ctx.now,
    version: version + 1,
    writeId: ctx.newId("wr"),
  };
  const { operator } = ctx.ports.settings;
  const after = settingOf(next, key, operator);
  await ctx.write(
    { entity: `setting:${key}`, before: settingOf(row, key, operator), after },
    (q) => (row === undefined ? [insertSettings(q, next)] : replaceSettings(q, next, version)),
    [{ topic: "settings.changed", payload: {} }],
  );
  return after;
}
