import { describe, expect, it } from "vitest";
import { MaruEvent } from "../../../../../contracts/events.ts";
import { SourceMapping } from "../../../../../contracts/sources.ts";
import { rotateSecret } from "../../../../../src/modules/sources/proof.rules.ts";
import { admitEvent } from "../../../../../src/modules/sources/receiving/admit-event.rules.ts";
import { handshakeHeaders } from "../../../../../src/modules/sources/receiving/handshake.rules.ts";
import { looseInstant, parseInstant } from "../../../../../src/modules/sources/receiving/instant.rules.ts";
import { readAlerts } from "../../../../../src/modules/sources/receiving/read-alerts.ts";
import { readGeneric } from "../../../../../src/modules/sources/receiving/read-generic.ts";
import { readWebhook } from "../../../../../src/modules/sources/receiving/read-webhook.ts";

const bodyOf = (value: unknown) => Uint8Array.from(new TextEncoder().encode(JSON.stringify(value)));
const message = (value: unknown) => ({ headers: new Map<string, string>(), body: bodyOf(value) });
const drafts = (items: readonly unknown[]) => items.map((item) => (item as { draft: { id: string } }).draft);

describe("Alertmanager and Grafana", () => {
  const alert = (more: object = {}) => ({
    status: "firing",
    labels: { alertname: "Disk", host: "a" },
    annotations: { summary: "full" },
    startsAt: "2026-01-01T00:00:00Z",
    endsAt: "0001-01-01T00:00:00Z",
    fingerprint: "f00d",
    ...more,
  });
  const read = (alerts: object[], kind: "alertmanager" | "grafana" = "alertmanager") =>
    readAlerts(kind, message({ version: "4", receiver: "maru", externalURL: "http://am", alerts }), "src_1");

  it("makes one event an alert, with its labels and an id from its fingerprint", async () => {
    const [event] = drafts(await read([alert()]));
    expect(event).toMatchObject({
      type: "alertmanager.alert.firing",
      source: "http://am",
      subject: "Disk",
      time: Date.UTC(2026, 0, 1),
      data: { labels: { host: "a" }, fingerprint: "f00d", receiver: "maru" },
    });
    expect(event?.id).toMatch(/^f00d\.[0-9a-f]{24}$/);
  });
  it("gives the same alert the same id while its end is moved on, and another when it says something new", async () => {
    const [a, b, c, d] = drafts(
      await read([
        alert(),
        alert({ endsAt: "2026-01-01T00:05:00Z" }),
        alert({ annotations: { summary: "fuller" } }),
        alert({ status: "resolved", endsAt: "2026-01-01T01:00:00Z" }),
      ]),
    );
    expect(b?.id).toBe(a?.id);
    expect(new Set([a?.id, c?.id, d?.id]).size).toBe(3);
    expect(d).toMatchObject({ time: Date.UTC(2026, 0, 1, 1), type: "alertmanager.alert.resolved" });
  });
  it("keeps what Grafana adds", async () => {
    const [event] = drafts(await read([alert({ values: { A: 1.5 }, fingerprint: undefined })], "grafana"));
    expect(event).toMatchObject({ type: "grafana.alert.firing", data: { values: { A: 1.5 } } });
  });
  it("points into a body that is none of theirs", async () => {
    await expect(read([{ status: "odd" }])).rejects.toMatchObject({
      failure: {
        kind: "malformed_request",
        errors: expect.arrayContaining([expect.objectContaining({ pointer: "/alerts/0/status" })]),
      },
    });
  });
});

describe("plain JSON", () => {
  it("takes id, type and time from where the mapping points", async () => {
    const mapping = SourceMapping.parse({ id: "/meta/id", type: "/kind", time: "/at" });
    const items = await readGeneric(
      message([{ meta: { id: 7 }, kind: "x", at: 1767225600 }, {}]),
      "src_1",
      mapping,
    );
    expect(drafts(items)).toMatchObject([
      { id: "7", type: "x", time: Date.UTC(2026, 0, 1), source: "/sources/src_1" },
      { type: "generic.event", time: null },
    ]);
  });
  it("makes an id that a repeat has again and another body, place or source has not", async () => {
    const mapping = SourceMapping.parse({});
    const ids = async (value: unknown, source = "src_1") =>
      drafts(await readGeneric(message(value), source, mapping)).map(({ id }) => id);
    expect(await ids([{}, {}])).toEqual(await ids([{}, {}]));
    expect(new Set([...(await ids([{}, {}])), ...(await ids({})), ...(await ids({}, "src_2"))]).size).toBe(4);
  });
});

describe("a Standard Webhook", () => {
  it("becomes an event of its id, type and data", () => {
    const headers = new Map([
      ["webhook-id", "msg_1"],
      ["webhook-timestamp", "1767225600"],
      ["webhook-signature", "v1,x"],
    ]);
    const [event] = drafts(
      readWebhook({ headers, body: bodyOf({ type: "user.made", data: { a: 1 } }) }, "src_1"),
    );
    expect(event).toMatchObject({
      id: "msg_1",
      type: "user.made",
      time: Date.UTC(2026, 0, 1),
      data: { a: 1 },
    });
    expect(() => readWebhook({ headers, body: bodyOf({ data: 1 }) }, "src_1")).toThrow(/type/);
  });
});

describe("the gate", () => {
  const gate = {
    tenantId: "ten_1",
    sourceId: "src_1",
    now: 1_000_000,
    verified: "token",
    maxPastMs: 1000,
    maxFutureMs: 500,
  } as const;
  const draft = (time: number | null) => ({ id: "1", source: "/s", type: "t", time });
  it.each([
    [null, 1_000_000, undefined],
    [999_000, 999_000, undefined],
    [998_999, 1_000_000, true],
    [1_000_500, 1_000_500, undefined],
    [1_000_501, 1_000_000, true],
  ])("takes a time of %j as %d", (told, time, adjusted) => {
    const event = admitEvent(draft(told), gate, 3);
    expect(event).toMatchObject({
      time,
      tenantid: "ten_1",
      sourceid: "src_1",
      ingesttime: 1_000_000,
      ingestseq: 1_000_000_003,
      verified: "token",
    });
    expect(event.timeadjusted).toBe(adjusted);
    expect(MaruEvent.safeParse(event).success).toBe(true);
  });
});

describe("the handshake", () => {
  const ask = (headers: Record<string, string>) => new Map(Object.entries(headers));
  it("lets origins in that are allowed, at no more than the source's rate", () => {
    const asked = ask({
      "webhook-request-origin": "eventemitter.example.com",
      "webhook-request-rate": "120",
    });
    expect(handshakeHeaders(asked, [], 60)).toEqual([
      ["WebHook-Allowed-Origin", "eventemitter.example.com"],
      ["WebHook-Allowed-Rate", "60"],
    ]);
    expect(handshakeHeaders(asked, ["other.example"], 60)).toBeUndefined();
    expect(handshakeHeaders(ask({}), [], 60)).toBeUndefined();
  });
});

describe("instants", () => {
  it("are read from RFC 3339 and nothing else", () => {
    expect(parseInstant("2026-01-01t09:00:00.5+09:00")).toBe(Date.UTC(2026, 0, 1, 0, 0, 0, 500));
    for (const text of [
      "2026-01-01",
      "2026-01-01T24:00:00Z",
      "2026-13-01T00:00:00Z",
      "2026-01-01T00:00:00",
      "x",
    ])
      expect(parseInstant(text)).toBeUndefined();
    expect([looseInstant(1767225600), looseInstant(1767225600000), looseInstant("1767225600")]).toEqual(
      Array(3).fill(Date.UTC(2026, 0, 1)),
    );
  });

  it("mean the same in the form that programs write and in any other", () => {
    for (const year of ["0000", "0099", "0100", "1969", "2024", "2025", "9999"]) {
      for (const day of ["01-01", "02-28", "02-29", "02-30", "04-31", "12-31", "00-10", "13-01", "1a-01"]) {
        for (const time of [
          "00:00:00",
          "23:59:59",
          "23:59:60",
          "24:00:00",
          "12:60:00",
          "12:00:61",
          "12:00:0x",
        ]) {
          for (const fraction of ["", ".000", ".007", ".999"]) {
            const text = `${year}-${day}T${time}${fraction}`;
            expect(parseInstant(`${text}Z`), text).toBe(parseInstant(`${text}+00:00`));
          }
        }
      }
    }
  });
});

describe("rotation", () => {
  it("accepts the old secret for the overlap and forgets those that ended", () => {
    const now = new Date(0);
    const first = rotateSecret([{ name: "a", until: null }], "b", now, 1);
    expect(first).toEqual([
      { name: "b", until: null },
      { name: "a", until: new Date(3_600_000).toISOString() },
    ]);
    expect(rotateSecret(first, "c", new Date(3_600_000), 0)).toEqual([{ name: "c", until: null }]);
  });
});
