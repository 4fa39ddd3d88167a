import * as z from "zod";
import { defineOperation } from "../../../kernel/operation.ts";
import { commandHub } from "../command-hub.ts";
import { alertFingerprint } from "../fingerprint.ts";
import { SentAlert } from "../schemas.ts";

/** Alerts that a sender tells by itself belong to no rule: this names where they come from. */
const sentLineage = "sent";

export const sendAlerts = defineOperation({
  action: "alerts.alert.send",
  effect: "write",
  scope: "alerts:write",
  summary:
    "Say that alerts fire, or that they ended; equal labels are the same alert, and saying it again is harmless",
  input: z.strictObject({ alerts: z.array(SentAlert).min(1).max(500) }),
  output: z
    .strictObject({
      accepted: z.int(),
      duplicates: z.int(),
      refused: z.int(),
      fingerprints: z.array(z.string()),
    })
    .meta({ id: "SentAlerts" }),
  raises: [],
  async run(ctx, { alerts }) {
    const now = ctx.now.getTime();
    const signals = alerts.map(({ labels, annotations, startsAt, endsAt, expiresAfterMs }, seq) => ({
      lineage: sentLineage,
      labels,
      annotations,
      startsAt:
        startsAt === undefined
          ? endsAt === undefined
            ? now
            : Math.min(now, Date.parse(endsAt))
          : Date.parse(startsAt),
      endsAt: endsAt === undefined ? null : Date.parse(endsAt),
      updatedAt: now,
      seq,
      ...(expiresAfterMs === undefined ? {} : { expiresAfterMs }),
    }));
    const after = {
      alerts: alerts.length,
      names: [...new Set(alerts.map(({ labels }) => labels.alertname ?? ""))].slice(0, 20),
    };
    const reply = await commandHub(ctx, { type: "signal", signals }, { entity: "alerts:sent", after });
    const { accepted, duplicates, refused } = reply;
    return {
      accepted,
      duplicates,
      refused,
      fingerprints: alerts.map(({ labels }) => alertFingerprint(sentLineage, labels)),
    };
  },
});
