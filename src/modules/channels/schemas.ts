import * as z from "zod";
import { Notification } from "../../../contracts/alerts.ts";
import { ChannelConfig, DeliveryState } from "../../../contracts/channels.ts";
import { PageQuery } from "../../kernel/page.ts";
import { isZone } from "../../kernel/zone.ts";
import type { AttemptRow, ChannelRow, DeliveryRow } from "./tables.ts";

const SecretName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/, "A letter, then letters, digits, dot, hyphen or underscore.");

const Template = z.strictObject({ title: z.string().max(2_000), body: z.string().max(20_000) });
const Templates = z.strictObject({
  firing: Template.optional(),
  resolved: Template.optional(),
  digest: Template.optional(),
});

const Zone = z.string().max(64).refine(isZone, "An IANA time zone such as Asia/Seoul.");

const fields = {
  name: z.string().min(1).max(200),
  config: ChannelConfig,
  /** The name in the secret store of what proves us: a signing secret, token, or secret URL. */
  secretName: SecretName.nullable(),
  locale: z.enum(["ko", "en"]),
  /** The IANA zone in which messages write times. */
  zone: Zone,
  templates: Templates,
};

export const CreateChannel = z.strictObject({
  ...fields,
  secretName: fields.secretName.default(null),
  locale: fields.locale.default("en"),
  zone: fields.zone.default("UTC"),
  templates: fields.templates.default({}),
  projectId: z.string().optional(),
});

export const UpdateChannel = z.strictObject({
  id: z.string(),
  name: fields.name.optional(),
  config: fields.config.optional(),
  secretName: fields.secretName.optional(),
  locale: fields.locale.optional(),
  zone: fields.zone.optional(),
  templates: fields.templates.optional(),
  enabled: z.boolean().optional(),
});

export const Channel = z
  .strictObject({
    id: z.string(),
    projectId: z.string().nullable(),
    ...fields,
    disabledAt: z.iso.datetime().nullable(),
    disabledReason: z.string().nullable(),
    createdBy: z.string(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    version: z.int(),
  })
  .meta({ id: "Channel" });
export type Channel = z.infer<typeof Channel>;

export const ChannelRef = z.strictObject({ id: z.string() });

export const PreviewChannel = z.strictObject({
  id: z.string(),
  kind: z.enum(["firing", "resolved", "digest"]).default("firing"),
  /** Tried instead of the channel's own. */
  templates: Templates.optional(),
});

export const ChannelMessage = z
  .strictObject({
    title: z.string(),
    body: z.string(),
    truncated: z.boolean(),
    missing: z.array(z.string()),
  })
  .meta({ id: "ChannelMessage" });

/** What a receiver said to one attempt. */
export const DeliveryResult = z
  .strictObject({ state: DeliveryState, detail: z.string(), nextAt: z.iso.datetime().nullable() })
  .meta({ id: "DeliveryResult" });
export type DeliveryResult = z.infer<typeof DeliveryResult>;

const delivery = {
  id: z.string(),
  channelId: z.string(),
  state: DeliveryState,
  attempts: z.int(),
  nextAt: z.iso.datetime().nullable(),
  lastStatus: z.int().nullable(),
  detail: z.string(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
};
export const Delivery = z.strictObject(delivery).meta({ id: "Delivery" });
/** One attempt: what the receiver answered, and who had it sent. */
const Attempt = z.strictObject({
  attempt: z.int(),
  at: z.iso.datetime(),
  state: DeliveryState,
  status: z.int().nullable(),
  detail: z.string(),
  by: z.string(),
});
export const DeliveryWithNotification = z
  .strictObject({ ...delivery, notification: Notification, log: z.array(Attempt) })
  .meta({ id: "DeliveryWithNotification" });

export const DeliveryQuery = z.strictObject({
  ...PageQuery.shape,
  channelId: z.string().optional(),
  /** `dead` lists the dead letters. */
  state: DeliveryState.optional(),
});
export const DeliveryRef = z.strictObject({ id: z.string() });

export function channelOf(row: ChannelRow): Channel {
  const { tenantId: _, writeId: __, kind: ___, disabledAt, ...rest } = row;
  return {
    ...rest,
    templates: row.templates as Channel["templates"],
    disabledAt: disabledAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

export function deliveryOf(row: DeliveryRow) {
  const { tenantId: _, notification: __, projectId: ___, ...rest } = row;
  return {
    ...rest,
    nextAt: row.nextAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

export function attemptOf({ attempt, at, state, status, detail, by }: AttemptRow): z.infer<typeof Attempt> {
  return { attempt, at: at.toISOString(), state, status, detail, by };
}
