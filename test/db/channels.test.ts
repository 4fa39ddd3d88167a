import { afterEach, beforeEach, expect, it } from "vitest";
import type { Db } from "../../src/db/db.ts";
import { createChannel } from "../../src/modules/channels/operations/create-channel.ts";
import { deleteChannel } from "../../src/modules/channels/operations/delete-channel.ts";
import { getChannel } from "../../src/modules/channels/operations/get-channel.ts";
import { listChannels } from "../../src/modules/channels/operations/list-channels.ts";
import { updateChannel } from "../../src/modules/channels/operations/update-channel.ts";
import {
  disableChannel,
  findChannel,
  findChannelIds,
  findDelivery,
  insertAttempt,
  listAttempts,
  listDeliveryRows,
  putDelivery,
  replaceChannel,
} from "../../src/modules/channels/store.ts";
import type { DeliveryRow } from "../../src/modules/channels/tables.ts";
import { caller, refusalOf } from "../workers/support/caller.ts";
import { describeOnEachDatabase } from "../workers/support/databases.ts";

const config = { kind: "webhook", url: "https://hooks.example.com/maru" } as const;

describeOnEachDatabase("channels", (open) => {
  let db: Db;
  let me: ReturnType<typeof caller>;
  beforeEach(() => {
    db = open();
    me = caller(db);
  });
  afterEach(() => db.close());

  const make = (name: string) => me.call(createChannel, { name, config });

  function delivery(id: string, channelId: string, more: Partial<DeliveryRow> = {}): DeliveryRow {
    const at = new Date(1_700_000_000_000);
    const notification = { id, channelId, text: "알림" } as unknown as DeliveryRow["notification"];
    return {
      tenantId: me.tenantId,
      id,
      channelId,
      projectId: null,
      state: "retry",
      attempts: 1,
      nextAt: at,
      lastStatus: 503,
      detail: "busy",
      notification,
      createdAt: at,
      updatedAt: at,
      ...more,
    };
  }

  it("keeps every field of a channel, and refuses a name that is taken", async () => {
    const made = await me.call(createChannel, { name: "당직", config, locale: "ko", zone: "Asia/Seoul" });
    expect(made).toMatchObject({ name: "당직", config, locale: "ko", zone: "Asia/Seoul", version: 1 });
    expect(await me.call(getChannel, { id: made.id })).toEqual(made);
    expect(await refusalOf(make("당직"))).toMatchObject({ kind: "conflict", code: "channels.name_taken" });
  });

  it("refuses a stale edit, and leaves neither row nor event of a lost race", async () => {
    const { id } = await make("hooks");
    await me.call(updateChannel, { id, name: "renamed" }, { expectedVersion: 1 });
    const stale = me.call(updateChannel, { id, name: "late" }, { expectedVersion: 1 });
    expect(await refusalOf(stale)).toMatchObject({ kind: "precondition_failed" });
    const row = await findChannel(db, me.tenantId, id);
    if (!row) throw new Error("it is gone");
    const lost = me
      .ctxOf("channels.channel.update")
      .write({ entity: `channel:${id}` }, (q) =>
        replaceChannel(q, { ...row, name: "lost", version: 2, writeId: "wr_lost" }, 1),
      );
    expect(await refusalOf(lost)).toMatchObject({ kind: "conflict" });
    expect((await me.call(getChannel, { id })).name).toBe("renamed");
    expect((await me.events()).length).toBe(2);
  });

  it("switches a channel off once, whatever its version", async () => {
    const { id } = await make("gone");
    const row = { tenantId: me.tenantId, id };
    const now = new Date(1_700_000_000_000);
    await db.atomic((q) => [disableChannel(q, row, "410", now, "wr_a")]);
    await db.atomic((q) => [disableChannel(q, row, "another", new Date(), "wr_b")]);
    expect(await findChannel(db, me.tenantId, id)).toMatchObject({
      disabledAt: now,
      disabledReason: "410",
      version: 2,
    });
  });

  it("keeps one row of a delivery and each of its attempts, and lists them by channel and state", async () => {
    const { id: channelId } = await make("hooks");
    const first = delivery("ntf_1", channelId);
    await db.atomic((q) => [putDelivery(q, first)]);
    const sent = {
      ...first,
      state: "sent" as const,
      attempts: 2,
      nextAt: null,
      detail: "ok",
      createdAt: new Date(),
    };
    await db.atomic((q) => [putDelivery(q, sent)]);
    await db.atomic((q) => [putDelivery(q, delivery("ntf_2", channelId, { state: "dead" }))]);
    expect(await findDelivery(db, me.tenantId, "ntf_1")).toEqual({ ...sent, createdAt: first.createdAt });
    const attempt = {
      tenantId: me.tenantId,
      deliveryId: "ntf_1",
      at: new Date(1),
      status: 503,
      by: "system",
    };
    const rows = [1, 2, 1].map((n) => ({ ...attempt, attempt: n, state: "retry" as const, detail: `${n}` }));
    for (const row of rows) await db.atomic((q) => [insertAttempt(q, row)]);
    expect((await listAttempts(db, me.tenantId, "ntf_1")).map((row) => row.attempt)).toEqual([2, 1]);
    const ids = async (page: object) =>
      (await listDeliveryRows(db, me.tenantId, { limit: 10, ...page })).map((row) => row.id);
    expect(await ids({ channelId })).toEqual(["ntf_2", "ntf_1"]);
    expect(await ids({ state: "dead" })).toEqual(["ntf_2"]);
    expect(await ids({ channelId: "chn_other" })).toEqual([]);
  });

  it("shows a tenant nothing of another's", async () => {
    const { id } = await make("hooks");
    await db.atomic((q) => [putDelivery(q, delivery("ntf_1", id))]);
    const other = caller(db);
    for (const hidden of [other.call(getChannel, { id }), other.call(deleteChannel, { id })])
      expect(await refusalOf(hidden)).toMatchObject({ kind: "not_found" });
    expect((await other.call(listChannels, {})).items).toEqual([]);
    expect(await findChannelIds(db, other.tenantId, [id])).toEqual([]);
    expect(await findChannelIds(db, me.tenantId, [id, "chn_none"])).toEqual([id]);
    expect(await findDelivery(db, other.tenantId, "ntf_1")).toBeUndefined();
    await me.call(deleteChannel, { id });
    expect(await findDelivery(db, me.tenantId, "ntf_1")).toBeDefined();
  });
});
