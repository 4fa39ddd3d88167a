import * as z from "zod";

export const channelKinds = [
  "webhook",
  "slack",
  "email",
  "sms",
  "teams",
  "discord",
  "telegram",
  "pagerduty",
  "ntfy",
] as const;
export const ChannelKind = z.enum(channelKinds);
export type ChannelKind = z.infer<typeof ChannelKind>;

const Url = z.url({ protocol: /^https?$/ }).max(2048);
const Phone = z.string().regex(/^\+[1-9]\d{6,14}$/, "A number such as +821012345678.");

/**
 * How a channel is reached. What proves us (a signing secret, a token, a secret URL) is the channel's secret: `slack`,
 * `teams` and `discord` take their webhook URL from it, `slack` with a `channel` a bot token.
 */
export const ChannelConfig = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("webhook"), url: Url }),
  z.strictObject({
    kind: z.literal("slack"),
    /** Posts by `chat.postMessage` to it; without one to the secret's webhook URL. */
    channel: z.string().min(1).max(80).optional(),
    apiUrl: Url.default("https://slack.com/api"),
  }),
  z.strictObject({
    kind: z.literal("email"),
    provider: z.enum(["resend", "sendgrid", "mailgun"]),
    /** The provider's API; for Mailgun with the domain: `https://api.mailgun.net/v3/example.com`. */
    apiUrl: Url,
    from: z.string().min(3).max(320),
    to: z.array(z.email()).min(1).max(50),
  }),
  z.strictObject({
    kind: z.literal("sms"),
    apiUrl: Url.default("https://api.twilio.com/2010-04-01"),
    account: z.string().regex(/^[\w-]{1,64}$/),
    from: z.string().min(1).max(32),
    to: Phone,
  }),
  z.strictObject({ kind: z.literal("teams") }),
  z.strictObject({ kind: z.literal("discord") }),
  z.strictObject({
    kind: z.literal("telegram"),
    apiUrl: Url.default("https://api.telegram.org"),
    chatId: z.string().regex(/^(-?\d{1,20}|@\w{5,32})$/),
  }),
  z.strictObject({
    kind: z.literal("pagerduty"),
    apiUrl: Url.default("https://events.pagerduty.com/v2/enqueue"),
  }),
  z.strictObject({
    kind: z.literal("ntfy"),
    apiUrl: Url.default("https://ntfy.sh"),
    topic: z.string().regex(/^[\w-]{1,64}$/),
  }),
]);
export type ChannelConfig = z.infer<typeof ChannelConfig>;

export const deliveryStates = ["sent", "retry", "dead", "suppressed"] as const;
export const DeliveryState = z.enum(deliveryStates);
export type DeliveryState = z.infer<typeof DeliveryState>;
