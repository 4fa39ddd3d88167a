import type { Notification } from "../../../contracts/alerts.ts";
import { type ChannelConfig, channelKinds, deliveryStates } from "../../../contracts/channels.ts";
import { defineTables } from "../../db/define-tables.ts";
import type { MessageTemplates } from "./templates/write-message.rules.ts";

export const channelTables = defineTables((k) => ({
  channels: k.table(
    "channels",
    {
      id: k.text("id").primaryKey(),
      tenantId: k.text("tenant_id").notNull(),
      projectId: k.text("project_id"),
      name: k.text("name").notNull(),
      kind: k.oneOf("kind", channelKinds).notNull(),
      config: k.json<ChannelConfig>("config").notNull(),
      secretName: k.text("secret_name"),
      locale: k.oneOf("locale", ["ko", "en"]).notNull(),
      zone: k.text("zone").notNull(),
      templates: k.json<MessageTemplates>("templates").notNull(),
      disabledAt: k.time("disabled_at"),
      disabledReason: k.text("disabled_reason"),
      createdBy: k.text("created_by").notNull(),
      createdAt: k.time("created_at").notNull(),
      updatedAt: k.time("updated_at").notNull(),
      version: k.int("version").notNull(),
      writeId: k.text("write_id").notNull(),
    },
    (t) => [
      k.unique("channels_name").on(t.tenantId, t.name),
      k.index("channels_created").on(t.tenantId, t.createdAt, t.id),
    ],
  ),
  /** What became of each notification: one row, however many attempts it took. */
  deliveries: k.table(
    "channels_deliveries",
    {
      tenantId: k.text("tenant_id").notNull(),
      id: k.text("id").notNull(),
      channelId: k.text("channel_id").notNull(),
      projectId: k.text("project_id"),
      state: k.oneOf("state", deliveryStates).notNull(),
      attempts: k.int("attempts").notNull(),
      nextAt: k.time("next_at"),
      lastStatus: k.int("last_status"),
      detail: k.text("detail").notNull(),
      notification: k.json<Notification>("notification").notNull(),
      createdAt: k.time("created_at").notNull(),
      updatedAt: k.time("updated_at").notNull(),
    },
    (t) => [
      k.key({ columns: [t.tenantId, t.id] }),
      k.index("channels_deliveries_created").on(t.tenantId, t.createdAt, t.id),
      k.index("channels_deliveries_channel").on(t.tenantId, t.channelId, t.createdAt),
    ],
  ),
  /** Each attempt at a delivery, with what the receiver said. */
  attempts: k.table(
    "channels_attempts",
    {
      tenantId: k.text("tenant_id").notNull(),
      deliveryId: k.text("delivery_id").notNull(),
      attempt: k.int("attempt").notNull(),
      at: k.time("at").notNull(),
      state: k.oneOf("state", deliveryStates).notNull(),
      status: k.int("status"),
      detail: k.text("detail").notNull(),
      by: k.text("by").notNull(),
    },
    (t) => [k.key({ columns: [t.tenantId, t.deliveryId, t.attempt] })],
  ),
}));

export type ChannelRow = typeof channelTables.sqlite.channels.$inferSelect;
export type DeliveryRow = typeof channelTables.sqlite.deliveries.$inferSelect;
export type AttemptRow = typeof channelTables.sqlite.attempts.$inferSelect;
