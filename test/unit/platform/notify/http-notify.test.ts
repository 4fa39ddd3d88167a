import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ChannelConfig } from "../../../../contracts/channels.ts";
import { ChannelConfig as ChannelConfigSchema } from "../../../../contracts/channels.ts";
import type { NotifyMessage } from "../../../../src/kernel/ports/notify.ts";
import { httpNotify, retryAfterMs } from "../../../../src/platform/notify/http-notify.ts";

interface Received {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

let server: Server;
let base = "";
let received: Received[] = [];
let answer: { status: number; headers?: Record<string, string>; body?: string; silent?: boolean } = {
  status: 200,
};

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => {
      body += part;
    });
    request.on("end", () => {
      received.push({ path: request.url ?? "", headers: request.headers, body });
      if (answer.silent) return;
      response.writeHead(answer.status, answer.headers).end(answer.body ?? "");
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  received = [];
  answer = { status: 200 };
});

const notify = (timeoutMs = 5000) => httpNotify({ allowedHosts: ["127.0.0.1"], timeoutMs });
const message = (more: Partial<NotifyMessage> = {}): NotifyMessage => ({
  id: "ntf_1",
  groupKey: "ten_1:g",
  status: "firing",
  acknowledged: false,
  severity: "critical",
  title: "[Firing] CPU",
  body: "cpu is high",
  payload: { type: "alerts.group.firing", data: {} },
  at: 1_700_000_000_000,
  ...more,
});
const config = (given: object): ChannelConfig => ChannelConfigSchema.parse(given);
async function send(given: object, secret?: string, more: Partial<NotifyMessage> = {}) {
  const target = { config: config(given), ...(secret === undefined ? {} : { secret }) };
  const outcome = await notify().send(target, message(more));
  return { outcome, request: received[0], json: () => JSON.parse(received[0]?.body ?? "null") };
}

describe("a webhook", () => {
  it("is signed over its id, time and body, with an id that stays", async () => {
    const key = Buffer.from("0123456789abcdef01234567");
    const { outcome, request } = await send(
      { kind: "webhook", url: `${base}/hook` },
      `whsec_${key.toString("base64")}`,
    );
    expect(outcome).toEqual({ sent: true, status: 200, snippet: "" });
    const signed = createHmac("sha256", key).update(`ntf_1.1700000000.${request?.body}`).digest("base64");
    expect(request?.headers).toMatchObject({
      "webhook-id": "ntf_1",
      "idempotency-key": "ntf_1",
      "webhook-timestamp": "1700000000",
      "webhook-signature": `v1,${signed}`,
    });
  });
  it("tells what may be tried again, what is final and what is gone", async () => {
    const hook = { kind: "webhook", url: base };
    answer = { status: 429, headers: { "retry-after": "7" }, body: "slow down" };
    expect((await send(hook)).outcome).toEqual({
      sent: false,
      status: 429,
      retryable: true,
      gone: false,
      retryAfterMs: 7000,
      snippet: "slow down",
    });
    answer = { status: 410 };
    expect((await send(hook)).outcome).toMatchObject({ gone: true, retryable: false });
    answer = { status: 302, headers: { location: `${base}/elsewhere` } };
    expect((await send(hook)).outcome).toMatchObject({ sent: false, status: 302, retryable: false });
    expect(received).toHaveLength(3);
  });
  it("gives up waiting, and tells that nobody listens", async () => {
    answer = { status: 200, silent: true };
    const target = { config: config({ kind: "webhook", url: base }) };
    expect(await notify(100).send(target, message())).toMatchObject({
      sent: false,
      status: null,
      retryable: true,
    });
    const nobody = { config: config({ kind: "webhook", url: "http://127.0.0.1:1" }) };
    expect(await notify().send(nobody, message())).toMatchObject({
      sent: false,
      status: null,
      retryable: true,
    });
  });
  it("never says a secret back", async () => {
    answer = { status: 401, body: `no such token xoxb-12345 here` };
    const given = { kind: "slack", channel: "#ops", apiUrl: base };
    expect((await send(given, "xoxb-12345")).outcome).toMatchObject({
      snippet: "no such token [secret] here",
    });
  });
  it.each([
    "http://example.com",
    "https://localhost/x",
    "https://10.0.0.1",
    "https://[::1]/",
    "https://db.internal",
  ])("does not go to %s", async (url) => {
    const outcome = await httpNotify({ allowedHosts: [] }).send(
      { config: config({ kind: "webhook", url }) },
      message(),
    );
    expect(outcome).toMatchObject({ sent: false, status: null, retryable: false });
  });
});

describe("each kind", () => {
  it("slack: blocks to a webhook URL, or chat.postMessage with the answer's own verdict", async () => {
    const hook = await send({ kind: "slack" }, `${base}/services/T/B/x`, {
      title: "t".repeat(200),
      body: "b".repeat(4000),
    });
    const [attachment] = hook.json().attachments;
    expect(hook.request?.path).toBe("/services/T/B/x");
    expect([attachment.blocks[0].text.text.length, attachment.blocks[1].text.text.length]).toEqual([
      150, 3000,
    ]);
    received = [];
    answer = { status: 200, body: '{"ok":false,"error":"channel_not_found"}' };
    const post = await send({ kind: "slack", channel: "C1", apiUrl: base }, "xoxb-1");
    expect(post.outcome).toMatchObject({ sent: false, status: 200, retryable: false });
    expect(post.request).toMatchObject({
      path: "/chat.postMessage",
      headers: { authorization: "Bearer xoxb-1" },
    });
    answer = { status: 200, body: '{"ok":true}' };
    expect((await send({ kind: "slack", channel: "C1", apiUrl: base }, "xoxb-1")).outcome.sent).toBe(true);
  });
  it("email: through Resend, SendGrid and Mailgun", async () => {
    const mail = { kind: "email", apiUrl: base, from: "Maru <maru@example.com>", to: ["a@example.com"] };
    const resend = await send({ ...mail, provider: "resend" }, "re_1", { body: "<p>x</p>" });
    expect(resend.request).toMatchObject({ path: "/emails", headers: { "idempotency-key": "ntf_1" } });
    expect(resend.json()).toEqual({
      from: "Maru <maru@example.com>",
      to: ["a@example.com"],
      subject: "[Firing] CPU",
      html: "<p>x</p>",
    });
    received = [];
    const sendgrid = await send({ ...mail, provider: "sendgrid" }, "SG.1");
    expect(sendgrid.json()).toMatchObject({
      from: { name: "Maru", email: "maru@example.com" },
      personalizations: [{ to: [{ email: "a@example.com" }] }],
    });
    received = [];
    const mailgun = await send({ ...mail, provider: "mailgun" }, "key-1");
    expect(Object.fromEntries(new URLSearchParams(mailgun.request?.body))).toMatchObject({
      to: "a@example.com",
      subject: "[Firing] CPU",
    });
    expect(mailgun.request?.headers.authorization).toBe(`Basic ${btoa("api:key-1")}`);
  });
  it("sms: a form with at most 480 characters", async () => {
    const sms = { kind: "sms", apiUrl: base, account: "AC1", from: "+15005550006", to: "+821012345678" };
    const { request } = await send(sms, "token", { body: "가".repeat(1000) });
    const form = new URLSearchParams(request?.body);
    expect(request?.path).toBe("/Accounts/AC1/Messages.json");
    expect([form.get("To"), form.get("Body")?.length]).toEqual(["+821012345678", 480]);
  });
  it("teams: an adaptive card below 28 KB", async () => {
    const { request, json } = await send({ kind: "teams" }, `${base}/workflow`, {
      body: "가".repeat(20_000),
    });
    expect(json().attachments[0].content).toMatchObject({ type: "AdaptiveCard" });
    expect(Buffer.byteLength(request?.body ?? "")).toBeLessThan(28_000);
  });
  it("discord: an embed that mentions nobody", async () => {
    const { json } = await send({ kind: "discord" }, `${base}/api/webhooks/1/x`, {
      title: "t".repeat(300),
      body: "b".repeat(5000),
    });
    expect(json().allowed_mentions).toEqual({ parse: [] });
    expect([json().embeds[0].title.length, json().embeds[0].description.length]).toEqual([256, 4096]);
  });
  it("telegram: text of at most 4,096 characters under the bot's address", async () => {
    const { request, json } = await send({ kind: "telegram", apiUrl: base, chatId: "-100123" }, "12:ab", {
      body: "😀".repeat(4000),
    });
    expect(request?.path).toBe("/bot12:ab/sendMessage");
    expect(json().text.length).toBeLessThanOrEqual(4096);
    expect(json().text.isWellFormed()).toBe(true);
  });
  it("pagerduty: trigger, acknowledge and resolve under one key", async () => {
    const given = { kind: "pagerduty", apiUrl: `${base}/v2/enqueue` };
    for (const more of [{}, { acknowledged: true }, { status: "resolved" as const }])
      await send(given, "routing", more);
    const sent = received.map(({ body }) => JSON.parse(body));
    expect(sent.map((event) => event.event_action)).toEqual(["trigger", "acknowledge", "resolve"]);
    expect(new Set(sent.map((event) => event.dedup_key))).toEqual(new Set(["ten_1:g"]));
    expect(sent[0].payload).toMatchObject({ summary: "[Firing] CPU", severity: "critical", source: "maru" });
  });
  it("ntfy: a priority by severity", async () => {
    const { json } = await send({ kind: "ntfy", apiUrl: base, topic: "ops" }, undefined);
    expect(json()).toMatchObject({
      topic: "ops",
      priority: 5,
      title: "[Firing] CPU",
      message: "cpu is high",
    });
  });
  it("says so when its secret is missing or unusable, and sends nothing", async () => {
    for (const [given, secret] of [
      [{ kind: "teams" }, undefined],
      [{ kind: "slack" }, "no url"],
      [{ kind: "webhook", url: base }, "not base64!"],
    ] as const)
      expect((await send(given, secret)).outcome).toMatchObject({
        sent: false,
        status: null,
        retryable: false,
      });
    expect(received).toEqual([]);
  });
});

describe("Retry-After", () => {
  it("is read in seconds or as a date, and is a day at most", () => {
    expect(retryAfterMs("120", 0)).toBe(120_000);
    expect(retryAfterMs("Thu, 01 Jan 1970 00:01:00 GMT", 30_000)).toBe(30_000);
    expect(retryAfterMs("999999999", 0)).toBe(86_400_000);
    expect([retryAfterMs("soon", 0), retryAfterMs(null, 0)]).toEqual([0, 0]);
  });
});
