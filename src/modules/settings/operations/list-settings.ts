import * as z from "zod";
import { defineOperation } from "../../../kernel/operation.ts";
import { settingsOf } from "../find-settings.ts";
import { Setting } from "../schemas.ts";
import { findSettingsRow } from "../store.ts";

export const listSettings = defineOperation({
  action: "settings.setting.list",
  effect: "read",
  scope: "policy:read",
  summary: "List the tenant's settings: what holds, who says so, and whether a change needs a restart",
  input: z.strictObject({}),
  output: z.strictObject({ items: z.array(Setting) }).meta({ id: "Settings" }),
  raises: [],
  async run(ctx) {
    const row = await findSettingsRow(ctx.db, ctx.tenantId);
    return { items: settingsOf(row, ctx.ports.settings.operator) };
  },
});
