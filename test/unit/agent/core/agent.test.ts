import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { verifyLog } from "../../../../agent/src/log/chained-log.ts";
import { encodeFrame, frameTypes } from "../../../../contracts/relay/frame.ts";
import { u32 } from "../../../../contracts/relay/link.ts";
import { closeCodes, linkLimits } from "../../../../contracts/relay/protocol.ts";
import { startAgent, type TestAgent } from "../support/start-agent.ts";
import { Refused, startTestRelay, type TestRelay, textOf } from "../support/test-relay.ts";

const megabyte = 1024 * 1024;
const big = 100 * megabyte;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Bytes of buffers that somebody still holds: what was let go does not count, whenever it is collected. */
function heldBytes(): number {
  collect();
  return process.memoryUsage().arrayBuffers;
}

let relay: TestRelay;
let agent: TestAgent;
let upstream: Server;
let calls: { method: string; url: string; bytes: number; headers: IncomingMessage["headers"] }[];
let gone: string[];

function serve(request: IncomingMessage, response: ServerResponse): void {
  if (request.url === "/check") return void response.end();
  const call = { method: request.method ?? "", url: request.url ?? "", bytes: 0, headers: request.headers };
  calls.push(call);
  request.on("data", (part: Buffer) => {
    call.bytes += part.length;
  });
  response.on("close", () => gone.push(call.url));
  if (call.url === "/big") {
    let left = big;
    const piece = Buffer.alloc(megabyte, 1);
    const more = (): void => {
      while (left > 0) {
        left -= megabyte;
        if (!response.write(piece)) return void response.once("drain", more);
      }
      response.end();
    };
    more();
  } else if (call.url === "/slow") {
    response.write("one\n");
  } else if (call.url === "/never") {
    // No answer.
  } else if (call.url === "/broken") {
    response.writeHead(200, { "content-length": "1000000" });
    response.write("x".repeat(200_000), () => response.destroy());
  } else
    request.on("end", () =>
      response.writeHead(201, { "set-cookie": "a=b", etag: '"1"' }).end(`${call.method} ${call.bytes}`),
    );
}

beforeEach(async () => {
  calls = [];
  gone = [];
  upstream = createServer(serve);
  await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  relay = await startTestRelay();
  const methods = ["GET", "POST", "DELETE"];
  agent = await startAgent(relay, {
    http: { app: { url, methods, check: "/check" }, dead: { url: "http://127.0.0.1:1" } },
  });
});
afterEach(async () => {
  await agent.stop();
  await relay.stop();
  upstream.closeAllConnections();
  upstream.close();
});

const app = { driver: "http:app", path: "/thing" };

async function refusal(promise: Promise<unknown>): Promise<Refused["failure"]> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Refused);
  return (error as Refused).failure;
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 400 && !condition(); tries++)
    await new Promise((resolve) => setTimeout(resolve, 25));
  expect(condition()).toBe(true);
}

describe("calls", () => {
  it("reach the upstream without what authenticates, and come back without cookies", async () => {
    const headers = {
      authorization: "Bearer x",
      cookie: "a",
      "impersonate-user": "admin",
      accept: "text/plain",
    };
    const answer = await relay.send({ ...app, headers });
    expect(answer.head).toMatchObject({ status: 201, headers: { etag: '"1"' } });
    expect(answer.head.headers["set-cookie"]).toBeUndefined();
    expect(await textOf(answer)).toBe("GET 0");
    expect(calls[0]?.headers).toMatchObject({ accept: "text/plain", "user-agent": "maru-agent" });
    expect(Object.keys(calls[0]?.headers ?? {})).not.toEqual(expect.arrayContaining(["authorization"]));
  });

  it("carry bodies whose hash is right, in one frame or many, and refuse others", async () => {
    const body = Buffer.alloc(300_000, 7);
    const whole = await relay.send({ ...app, verb: "POST" }, Buffer.from("hello"));
    expect(await textOf(whole)).toBe("POST 5");
    const { payload } = relay.command({ ...app, verb: "POST" }, body);
    const first = payload.byteLength - 250_000;
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const stream = relay.open(frameTypes.REQ, payload.subarray(0, first), {
      take: ({ type }) => resolve(type),
      ended: (failure) => reject(new Refused(failure)),
    });
    await stream.write(frameTypes.REQ_DATA, payload.subarray(first));
    expect(await promise).toBe(frameTypes.RES_FULL);
    expect(calls.at(-1)?.bytes).toBe(300_000);
    const forged = relay.command({ ...app, verb: "POST" }, Buffer.from("hello"));
    forged.payload[forged.payload.byteLength - 1] = 0;
    expect(await refusal(relay.sendRaw(forged.payload))).toMatchObject({ code: "body_mismatch", ran: "no" });
  });

  it("bring 100 MB down in flat memory, as fast as the reader reads", async () => {
    const before = heldBytes();
    const answer = await relay.send({ ...app, path: "/big" });
    const reader = answer.body.readable("plain", () => {}).getReader();
    await new Promise((resolve) => setTimeout(resolve, 300));
    let got = 0;
    let peak = 0;
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      got += next.value.byteLength;
      if (got % (10 * megabyte) < linkLimits.chunkBytes) peak = Math.max(peak, heldBytes() - before);
    }
    expect(got).toBe(big);
    expect(peak).toBeLessThan(64 * megabyte);
  });

  it("take 100 MB up in pieces, in flat memory", async () => {
    const { payload } = relay.command({ ...app, verb: "POST", bodySha256: "stream" });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const stream = relay.open(frameTypes.REQ, payload, {
      take: () => resolve(),
      ended: (f) => reject(new Refused(f)),
    });
    const piece = new Uint8Array(megabyte);
    for (let sent = 0; sent < big; sent += megabyte) await stream.write(frameTypes.REQ_DATA, piece);
    stream.send(frameTypes.REQ_END);
    await promise;
    expect(calls[0]?.bytes).toBe(big);
  });

  it("stop the upstream when the caller goes away", async () => {
    const answer = await relay.send({ ...app, path: "/slow" });
    answer.stream.cancel({ code: "cancelled", detail: "gone", ran: "unknown" });
    await until(() => gone.includes("/slow"));
    const { payload } = relay.command({ ...app, path: "/never" });
    const stream = relay.open(frameTypes.REQ, payload, { take: () => {}, ended: () => {} });
    await until(() => calls.some(({ url }) => url === "/never"));
    stream.cancel({ code: "cancelled", detail: "gone", ran: "unknown" });
    await until(() => gone.includes("/never"));
  });

  it("say in time that the upstream does not answer, can't be reached, or broke off", async () => {
    expect(await refusal(relay.send({ ...app, path: "/never", deadlineMs: 200 }))).toMatchObject({
      code: "upstream_timeout",
      ran: "unknown",
    });
    expect(await refusal(relay.send({ driver: "http:dead" }))).toMatchObject({
      code: "upstream_unreachable",
      ran: "no",
    });
    const answer = await relay.send({ ...app, path: "/broken" });
    await expect(answer.body.whole(big)).rejects.toMatchObject({ failure: { code: "upstream_broken" } });
  });

  it("are refused by name when the driver, the method or the path is not the administrator's", async () => {
    expect(await refusal(relay.send({ driver: "http:other" }))).toMatchObject({ code: "driver_unknown" });
    expect(await refusal(relay.send({ ...app, verb: "PUT" }))).toMatchObject({ code: "policy_refused" });
    expect(await refusal(relay.send({ ...app, path: "/%2e%2e/x" }))).toMatchObject({
      code: "policy_refused",
    });
    expect(calls).toHaveLength(0);
  });

  it("are refused when forged, replayed or meant for another cluster", async () => {
    const good = relay.command(app);
    await relay.sendRaw(good.payload.slice());
    expect(await refusal(relay.sendRaw(good.payload))).toMatchObject({ code: "replayed", ran: "no" });
    expect(await refusal(relay.send({ ...app, clusterId: "cl_2" }))).toMatchObject({
      code: "not_for_this_cluster",
    });
    expect(await refusal(relay.send({ ...app, expiresAt: Date.now() - 5000 }))).toMatchObject({
      code: "expired",
    });
    const forged = relay.command(app).payload;
    const at = Buffer.from(forged).indexOf("/thing");
    forged.set(Buffer.from("/other"), at);
    expect(await refusal(relay.sendRaw(forged))).toMatchObject({ code: "signature_invalid" });
    expect(calls).toHaveLength(1);
  });

  it("get the first result when they come again with the same key", async () => {
    const write = { ...app, verb: "POST" as const, idempotencyKey: "once" };
    expect(await textOf(await relay.send(write, Buffer.from("a")))).toBe("POST 1");
    const again = await relay.send(write, Buffer.from("a"));
    expect(again.head).toMatchObject({ status: 201, repeated: true });
    expect(await textOf(again)).toBe("POST 1");
    expect(await refusal(relay.send(write, Buffer.from("b")))).toMatchObject({ code: "replayed" });
    expect(calls).toHaveLength(1);
  });

  it("leave a whole log, with writes before they are sent", async () => {
    await relay.send({ ...app, path: "/thing?token=secret" });
    await relay.send({ ...app, verb: "DELETE" });
    await agent.running.drain();
    expect(verifyLog(join(agent.stateDir, "log"))).toMatchObject({ check: { ok: true } });
    const { readFileSync } = await import("node:fs");
    const text = readFileSync(join(agent.stateDir, "log", "agent.log.jsonl"), "utf8");
    expect(text.match(/"kind":"(\w+)"/g)).toEqual([
      '"kind":"start"',
      '"kind":"read"',
      '"kind":"begin"',
      '"kind":"end"',
      '"kind":"stop"',
    ]);
    expect(text).not.toContain("secret");
  });
});

describe("the link", () => {
  it("goes on where it was after a cut, with the streams that were open", async () => {
    const answer = await relay.send({ ...app, path: "/big" });
    const reader = answer.body.readable("plain", () => {}).getReader();
    let got = (await reader.read()).value?.byteLength ?? 0;
    relay.cut();
    await until(() => relay.hellos.length === 2);
    expect(relay.hellos[1]).toMatchObject({ session: relay.hellos[0]?.session, epoch: 1 });
    for (let next = await reader.read(); !next.done; next = await reader.read()) got += next.value.byteLength;
    expect(got).toBe(big);
  });

  it("begins anew when the relay has forgotten it, and lets go of what was open", async () => {
    await relay.send({ ...app, path: "/slow" });
    relay.forgetful = true;
    relay.cut();
    await until(() => relay.hellos.length === 2 && gone.includes("/slow"));
    expect(await textOf(await relay.send(app))).toBe("GET 0");
  });

  it("tells after a restart what became of a write, and does not run it again", async () => {
    const write = { ...app, verb: "POST" as const, idempotencyKey: "k" };
    const { payload, command } = relay.command(write, Buffer.from("a"));
    await relay.sendRaw(payload.slice());
    await agent.running.drain();
    agent = agent.restart();
    await until(() => relay.hellos.length === 2);
    await relay.online();
    relay.say({ type: "outcomes?", ids: [command.id, `cmd_${"9".repeat(26)}`] });
    const told = () => relay.messages.find(({ type }) => type === "outcomes");
    await until(() => told() !== undefined);
    expect(told()).toMatchObject({ outcomes: [{ ran: "yes", status: 201 }, { ran: "no" }] });
    expect(await refusal(relay.sendRaw(payload))).toMatchObject({ code: "replayed" });
    expect((await relay.send(write, Buffer.from("a"))).head.repeated).toBe(true);
    expect(calls).toHaveLength(1);
  });

  it.each([
    ["revoked", () => relay.close(closeCodes.revoked)],
    ["removed", () => relay.close(closeCodes.removed)],
    ["replaced", () => relay.close(closeCodes.replaced)],
  ])("ends for good when %s", async (kind, act) => {
    act();
    expect(await agent.running.ended).toMatchObject({ kind });
  });

  it("ends when the relay refuses it, and says why", async () => {
    relay.refuse = { code: "revoked", detail: "by ann", retry: false };
    relay.cut();
    expect(await agent.running.ended).toEqual({ kind: "revoked", detail: "by ann" });
  });

  it("ends with words for both sides when the versions don't fit", async () => {
    relay.protocol = { version: 9, oldest: 9 };
    relay.cut();
    expect(await agent.running.ended).toMatchObject({
      kind: "incompatible",
      detail: expect.stringContaining("newer agent"),
    });
    await until(() => relay.hellos.length === 2);
  });

  it.each([
    ["that comes out of turn", encodeFrame(frameTypes.PUSHED, 0, 4711, u32(1))],
    ["that is none", new Uint8Array([250, 1, 2])],
    ["that acknowledges what was never sent", encodeFrame(frameTypes.ACK, 0, 0, u32(4711))],
  ])("closes on a frame %s, says why, and dials again", async (_, bytes) => {
    relay.sendBytes(bytes);
    await until(() => relay.hellos.length === 2);
    expect(relay.closings).toEqual([closeCodes.protocolError]);
    await relay.online();
    expect(await textOf(await relay.send(app))).toBe("GET 0");
    expect(calls.map(({ url }) => url)).toEqual([app.path]);
  });

  it("passes over a message that it doesn't know, and an answer to what it never asked", async () => {
    const { payload } = relay.command(app);
    relay.open(frameTypes.RES, payload, { take: () => {}, ended: () => {} });
    relay.say({ type: "nonsense" });
    expect(await textOf(await relay.send(app))).toBe("GET 0");
    expect(relay.hellos).toHaveLength(1);
    expect(agent.logs.map(({ event }) => event)).toContain("unknown message");
  });

  it("renews its own key when it is time, proved by both, and uses the new one", async () => {
    relay.welcome = { rotateBy: Date.now() - 1 };
    relay.cut();
    await until(() => relay.messages.some(({ type }) => type === "rotate"));
    const rotation = relay.messages.find((message) => message.type === "rotate");
    if (rotation?.type !== "rotate") throw new Error("no rotation");
    relay.agentPublicKey = rotation.publicKey;
    relay.welcome = {};
    // The word that it was taken is lost: the agent finds out by trying.
    relay.cut();
    await until(() => relay.hellos.length >= 4);
    await relay.online();
    expect(await textOf(await relay.send(app))).toBe("GET 0");
    expect(agent.logs.map(({ event }) => event)).toContain("own key is being renewed");
  });

  it("takes no new commands while it drains, and lets those under way end", async () => {
    const open = await relay.send({ ...app, path: "/slow" });
    const drained = agent.running.drain();
    expect(await refusal(relay.send(app))).toMatchObject({ code: "overloaded", ran: "no" });
    open.stream.cancel({ code: "cancelled", detail: "", ran: "unknown" });
    await drained;
    expect(await agent.running.ended).toMatchObject({ kind: "stopped" });
  });
});
