import { NotificationPreferences } from "../../../../contracts/on-call.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { checkNames } from "../entries/check-names.ts";
import { checkTimes } from "../entries/check-times.ts";
import { saveEntry } from "../entries/save-entry.ts";
import { mustSpeakFor, PersonRef, SavedPreferences } from "./schemas.ts";

export const putPreferences = defineOperation({
  action: "alerts.preferences.update",
  effect: "write",
  scope: "signed_in",
  summary: "Say how a user wants to be told: by which channels, when not, in one message or at once",
  input: NotificationPreferences.safeExtend(PersonRef.shape),
  output: SavedPreferences,
  raises: ["not_found", "forbidden", "precondition_failed"],
  resource: ({ userId }) => `person:${userId}`,
  version: ({ version }) => version,
  async run(ctx, { userId, ...preferences }) {
    await mustSpeakFor(ctx, userId);
    const { contacts, quietHours } = preferences;
    checkTimes(
      quietHours.map((interval, index) => ({
        times: { kind: "intervals", intervals: [interval] },
        pointer: `/quietHours/${index}`,
      })),
    );
    await checkNames(
      ctx,
      contacts.map(({ channelId }, index) => ({
        kind: "channel",
        id: channelId,
        pointer: `/contacts/${index}/channelId`,
      })),
    );
    const before = await ctx.ports.alerts.entry(ctx.tenantId, "person", userId);
    const { body, version } = await saveEntry(ctx, "person", userId, preferences, before);
    return { userId, ...body, version };
  },
});
