import { beforeAll, describe, expect, it } from "vitest";
import { encodeFrame, frameTypes } from "../../../contracts/relay/frame.ts";
import { codeOf, held, newRelayWorld, type RelayWorld, textOf } from "../support/relay-world.ts";
import { problemOf } from "../support/tenant.ts";
import { enrollAgent } from "../support/test-agent.ts";
import { eventually, sleep } from "../support/world.ts";

let site: RelayWorld;
beforeAll(async () => {
  site = await newRelayWorld();
});

describe("calls to a cluster", () => {
  it("reach the agent as signed commands and bring its answer back", async () => {
    const agent = await site.connect({
      handle: (command) => Response.json({ path: command.path, actor: command.actor }),
    });
    const { body, headers } = await site.world.ok(
      `GET /v1/clusters/${agent.clusterId}/proxy/files/a%2Fb/c?d=e`,
    );
    expect(body).toEqual({ path: "/a%2Fb/c?d=e", actor: await site.world.self() });
    expect(headers.get("x-command-id")).toBe(agent.commands[0]?.id);
    expect(agent.commands[0]).toMatchObject({
      tenantId: site.world.tenantId,
      clusterId: agent.clusterId,
      driver: "http:files",
      verb: "GET",
      operation: "clusters.proxy.read",
    });
  });

  it("carry large bodies both ways as streams", async () => {
    const size = 3 * 1024 * 1024 + 5;
    const agent = await site.connect({
      handle: async (_, body) => new Response(body, { headers: { "x-stream": "yes" } }),
    });
    const file = new Uint8Array(size).map((_, n) => n % 251);
    const answer = await site.world.call(`POST /v1/clusters/${agent.clusterId}/proxy/files/echo`, {
      file,
      type: "application/octet-stream",
    });
    expect(answer.status).toBe(200);
    expect(agent.commands[0]?.bodySha256).toBe("stream");
    const back = await site.ask(agent, { method: "POST", body: file });
    const bytes = new Uint8Array(await new Response(back.body as BodyInit).arrayBuffer());
    expect(bytes.byteLength).toBe(size);
    expect(bytes.every((byte, n) => byte === n % 251)).toBe(true);
    expect(agent.commands[1]).toMatchObject({ bodyBytes: size });
  });

  it("refuse with what the agent says, and tell what may have happened", async () => {
    const fail = (code: string, ran: string) => () => Promise.reject({ code, detail: "because", ran });
    const cases = [
      ["policy_refused", "no", "GET", "clusters.agent_refused"],
      ["driver_unknown", "no", "POST", "clusters.unknown_target"],
      ["certificate_untrusted", "no", "GET", "clusters.upstream_failed"],
      ["upstream_timeout", "unknown", "GET", "clusters.timeout"],
      ["upstream_broken", "unknown", "POST", "clusters.outcome_unknown"],
      ["overloaded", "no", "POST", "clusters.overloaded"],
    ] as const;
    let next = 0;
    const agent = await site.connect({
      handle: () => {
        const [code, ran] = cases[next++] ?? ["protocol", "no"];
        return fail(code, ran)();
      },
    });
    for (const [, , method, code] of cases) expect(await codeOf(site.ask(agent, { method }))).toBe(code);
  });

  it("are refused when path and headers are too large together", async () => {
    const agent = await site.connect();
    expect(await codeOf(site.ask(agent, { path: `/${"a".repeat(9000)}` }))).toBe("clusters.too_large");
    expect(await codeOf(site.ask(agent, { headers: { accept: "a".repeat(70_000) } }))).toBe(
      "clusters.too_large",
    );
    expect(agent.commands).toEqual([]);
  });

  it("are given up after their time, and the agent is told", async () => {
    const agent = await site.connect({ handle: held().handle });
    expect(await codeOf(site.ask(agent, { timeoutMs: 100 }))).toBe("clusters.timeout");
    await eventually("the agent hears of it", async () => agent.failures.length > 0);
    expect(agent.failures[0]?.code).toBe("cancelled");
  });

  it("hold a fast cluster back when the caller doesn't read, and cancel it when the caller goes", async () => {
    let made = 0;
    const agent = await site.connect({
      handle: () =>
        new Response(
          new ReadableStream<Uint8Array>({
            pull(controller) {
              made += 64 * 1024;
              controller.enqueue(new Uint8Array(64 * 1024));
            },
          }),
          { headers: { "x-stream": "yes" } },
        ),
    });
    const { body } = await site.ask(agent);
    await sleep(300);
    expect(made).toBeLessThan(4 * 1024 * 1024);
    await (body as ReadableStream).cancel();
    await eventually("the agent hears of it", async () => agent.failures.length > 0);
  });

  it("are 503 with a time to come back when no agent is connected", async () => {
    const agent = await enrollAgent(site.world);
    const answer = await site.world.call(`GET /v1/clusters/${agent.clusterId}/proxy/files/x`);
    expect(problemOf(answer)).toMatchObject({ status: 503, code: "clusters.offline" });
    expect(answer.headers.get("retry-after")).toBe("5");
  });
});

describe("several agents", () => {
  it("are one active and others in reserve; the next takes over when the active one goes", async () => {
    const first = await site.connect({ handle: () => Response.json({ by: "first" }) });
    const second = await site.connect({
      clusterId: first.clusterId,
      handle: () => Response.json({ by: "second" }),
    });
    expect([first.state.role, second.state.role]).toEqual(["active", "standby"]);
    expect(await textOf((await site.ask(first)).body)).toContain("first");
    first.cut();
    await eventually("the second is active", async () => second.state.role === "active");
    expect(await textOf((await site.ask(first)).body)).toContain("second");
    await first.connect();
    expect(first.state.role).toBe("standby");
    expect(await textOf((await site.ask(first)).body)).toContain("second");
  });

  it("of the same name are one: the older socket gives way", async () => {
    const agent = await site.connect();
    const older = agent.state.socket;
    let closed: number | undefined;
    older?.addEventListener("close", ({ code }) => {
      closed = code;
    });
    await agent.connect();
    await eventually("the older is closed", async () => closed);
    expect(closed).toBe(4409);
    expect(await codeOf(site.ask(agent))).toBe("none");
  });
});

describe("an agent that breaks the rules", () => {
  it.each([
    ["a frame that is too large", () => new Uint8Array(1024 * 1024 + 100).fill(1)],
    ["bytes that are no frame", () => new Uint8Array(3)],
    ["a gap", () => encodeFrame(frameTypes.PUSH, 0, 77, new Uint8Array(4))],
    [
      "an acknowledgement of what was never sent",
      () => encodeFrame(frameTypes.ACK, 0, 0, new Uint8Array([0, 9, 9, 9])),
    ],
  ])("with %s is cut off and may come again", async (_, bytes) => {
    const agent = await site.connect();
    agent.state.socket?.send(bytes());
    await eventually("the socket is closed", async () => agent.state.closed);
    expect(agent.state.closed?.code).toBe(4400);
    await agent.connect();
    expect(await codeOf(site.ask(agent))).toBe("none");
  });

  it("by opening streams or naming unknown ones is told so", async () => {
    const agent = await site.connect();
    const opened: string[] = [];
    agent.end.start(1, frameTypes.REQ, new Uint8Array(), {
      take: () => {},
      ended: ({ code }) => void opened.push(code),
    });
    agent.end.send(frameTypes.REQ_DATA, 7, new Uint8Array(1));
    await eventually("a refusal", async () => opened.length > 0);
    expect(opened).toEqual(["protocol"]);
    expect(await codeOf(site.ask(agent))).toBe("none");
  });

  it("by another log than before leaves a critical event", async () => {
    const agent = await site.connect({ log: { seq: 10, hash: "a".repeat(64) } });
    const report = {
      version: "0",
      platform: "x",
      hostname: "x",
      readOnly: false,
      drivers: [],
      policySha256: "0",
    };
    agent.say({ type: "report", report: { ...report, log: { seq: 4, hash: "b".repeat(64) } } });
    const event = await eventually("the event", async () => {
      const { items } = (await site.world.ok("GET /v1/audit/events?limit=50")).body;
      return items.find((one: { action: string }) => one.action === "clusters.agent.logBroken");
    });
    expect(event).toMatchObject({ resource: `cluster:${agent.clusterId}`, after: { severity: "critical" } });
  });
});
