import { NotificationPreferences } from "../../../../contracts/on-call.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { mustSpeakFor, PersonRef, SavedPreferences } from "./schemas.ts";

export const getPreferences = defineOperation({
  action: "alerts.preferences.get",
  effect: "read",
  scope: "signed_in",
  summary: "Read how a user wants to be told by escalations",
  input: PersonRef,
  output: SavedPreferences,
  raises: ["not_found", "forbidden"],
  resource: ({ userId }) => `person:${userId}`,
  version: ({ version }) => version,
  async run(ctx, { userId }) {
    await mustSpeakFor(ctx, userId);
    const found = await ctx.ports.alerts.entry(ctx.tenantId, "person", userId);
    const { body, version } = found ?? { body: NotificationPreferences.parse({ contacts: [] }), version: 0 };
    return { userId, ...body, version };
  },
});
