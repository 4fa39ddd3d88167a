import { beforeAll, describe, expect, it } from "vitest";
import { clustersPort } from "../../../src/objects/clusters-port.ts";
import { connectAgent, type TestAgent } from "../support/test-agent.ts";
import { bindings, eventually, newWorld, sleep, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await newWorld();
});

interface Told {
  readonly code: string;
  readonly detail: string;
}

/** A write with a caller's key, as modules make it; answers what it failed with. */
const write = ({ clusterId }: TestAgent, idempotencyKey: string): Promise<Told | undefined> =>
  clustersPort(bindings)
    .call(
      world.tenantId,
      { kind: "user", id: "usr_1", tenantId: world.tenantId, grants: ["*"] },
      {
        clusterId,
        operation: "harvester.test",
        driver: "kubernetes",
        method: "POST",
        path: "/x",
        idempotencyKey,
      },
    )
    .then(
      () => undefined,
      (error: { failure: Told }) => error.failure,
    );

describe("a repeat with the same key, after another agent has taken over", () => {
  it("waits for the agent that had the first, and goes to it", async () => {
    const first = await connectAgent(world, {
      handle: () => (first.commands.length === 1 ? new Promise(() => {}) : Response.json({})),
    });
    const second = await connectAgent(world, { clusterId: first.clusterId });
    const lost = write(first, "once");
    await eventually("the first arrives", async () => first.commands.length === 1);
    first.cut();
    expect(await lost).toMatchObject({ code: "clusters.outcome_unknown" });
    await eventually("the second is active", async () => second.state.role === "active");
    const repeat = await write(first, "once");
    expect(repeat).toMatchObject({ code: "clusters.outcome_unknown" });
    expect(repeat?.detail).toContain(first.agentId);
    expect(repeat?.detail).toContain(first.commands[0]?.id);
    expect(await write(first, "another")).toBeUndefined();
    await first.connect();
    expect(first.state.role).toBe("standby");
    expect(await write(first, "once")).toBeUndefined();
    expect(first.commands.map(({ idempotencyKey }) => idempotencyKey)).toEqual(["once", "once"]);
    expect(second.commands.map(({ idempotencyKey }) => idempotencyKey)).toEqual(["another"]);
  });

  it("is sent to whoever is active when the first was told not to have run", async () => {
    const first = await connectAgent(world, {
      handle: () => Promise.reject({ code: "upstream_unreachable", detail: "down", ran: "no" }),
    });
    const second = await connectAgent(world, { clusterId: first.clusterId });
    expect(await write(first, "free")).toMatchObject({ code: "clusters.upstream_failed" });
    first.cut();
    await eventually("the second is active", async () => second.state.role === "active");
    await sleep(10);
    expect(await write(first, "free")).toBeUndefined();
    expect(second.commands).toHaveLength(1);
  });
});

describe("an agent that is cut off again right after it was back", () => {
  it("has the whole time again to come back, and its calls go on", async () => {
    let answer: (response: Response) => void = () => {};
    const agent = await connectAgent(world, {
      handle: () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    });
    const call = write(agent, "patient");
    await eventually("the command arrives", async () => agent.commands.length === 1);
    agent.cut();
    await sleep(50);
    await agent.connect();
    await sleep(1500);
    agent.cut();
    await sleep(900);
    await agent.connect();
    expect(agent.state.welcome).toMatchObject({ resumed: true });
    answer(Response.json({}));
    expect(await call).toBeUndefined();
    expect(agent.commands).toHaveLength(1);
  });
});
