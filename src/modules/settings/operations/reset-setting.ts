import * as z from "zod";
import { defineOperation } from "../../../kernel/operation.ts";
import { changeSetting, mustKnow } from "../change-setting.ts";
import { Setting } from "../schemas.ts";

export const resetSetting = defineOperation({
  action: "settings.setting.delete",
  effect: "write",
  scope: "admin:settings",
  summary: "Take back what the tenant published: the operator's variable or the default holds again",
  input: z.strictObject({ key: z.string() }),
  output: Setting,
  raises: ["not_found", "conflict", "forbidden", "precondition_failed"],
  resource: ({ key }) => `setting:${key}`,
  version: (setting) => setting.version,
  run: async (ctx, { key }) => changeSetting(ctx, mustKnow(key), null),
});
