import * as z from "zod";
import { actorName } from "../../../kernel/actor-name.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { fieldProblems, problem } from "../../../kernel/problem.ts";
import { catalogue } from "../catalogue.rules.ts";
import { changeSetting, mustKnow } from "../change-setting.ts";
import { Setting } from "../schemas.ts";

export const putSetting = defineOperation({
  action: "settings.setting.update",
  effect: "write",
  scope: "admin:settings",
  summary: "Publish a value for the tenant; it wins over the operator's variable and the default",
  input: z.strictObject({ key: z.string(), value: z.union([z.boolean(), z.int()]) }),
  output: Setting,
  raises: ["not_found", "conflict", "forbidden", "precondition_failed"],
  resource: ({ key }) => `setting:${key}`,
  version: (setting) => setting.version,
  async run(ctx, input) {
    const key = mustKnow(input.key);
    const value = catalogue[key].value.safeParse(input.value);
    if (!value.success) {
      const errors = fieldProblems(value.error, "/value");
      throw problem("invalid_input", "settings.value", `${key}: ${errors[0]?.message ?? ""}`, { errors });
    }
    return changeSetting(ctx, key, {
      value: value.data,
      by: actorName(ctx.actor),
      at: ctx.now.toISOString(),
    });
  },
});
