import { evictDurableObject } from "cloudflare:test";
import { beforeAll, describe, expect, it } from "vitest";
import { codeOf, newRelayWorld, type RelayWorld } from "../support/relay-world.ts";
import { eventually, sleep } from "../support/world.ts";

let site: RelayWorld;
beforeAll(async () => {
  site = await newRelayWorld();
});

describe("an object that was evicted", () => {
  it("goes on with the sockets it has, in a new epoch", async () => {
    const agent = await site.connect();
    await site.ask(agent);
    const before = agent.end.epoch;
    await evictDurableObject(site.relay(agent));
    expect(await codeOf(site.ask(agent))).toBe("none");
    expect(agent.end.epoch).toBeGreaterThan(before);
    agent.tell({ type: "inventory", at: 1, changed: [], removed: [] });
    await eventually("the agent is heard too", async () => agent.pushed.length > 0);
  });

  it("keeps open consoles", async () => {
    const agent = await site.connect({ console: (say) => (message) => say(`echo ${message}`) });
    const { socket, heard } = await site.openConsole(agent);
    socket.send("one");
    await eventually("an echo", async () => heard.includes("echo one"));
    await evictDurableObject(site.relay(agent));
    socket.send("two");
    await eventually("an echo after the eviction", async () => heard.includes("echo two"));
    expect(heard).toEqual(["echo one", "echo two"]);
    socket.close(1000, "enough");
  });

  it("hears what a console says first after it", async () => {
    let say: (message: string) => void = () => {};
    const agent = await site.connect({
      console: (speak) => {
        say = speak;
        return () => {};
      },
    });
    const { heard } = await site.openConsole(agent);
    say("before");
    await eventually("the first", async () => heard.length === 1);
    await evictDurableObject(site.relay(agent));
    say("after");
    await eventually("the second", async () => heard.length === 2);
    expect(heard).toEqual(["before", "after"]);
  });
});

describe("consoles", () => {
  it("carry text and bytes both ways and close on both sides", async () => {
    let close: (code: number) => void = () => {};
    const agent = await site.connect({
      console: (say, end) => {
        close = end;
        return say;
      },
    });
    const { socket, heard, closed } = await site.openConsole(agent);
    socket.send("text");
    socket.send(new Uint8Array([1, 2, 3]));
    await eventually("both", async () => heard.length === 2);
    expect(heard).toEqual(["text", new Uint8Array([1, 2, 3])]);
    close(4001);
    await eventually("closed", async () => closed.code);
    expect(closed.code).toBe(4001);
  });

  it("that the cluster refuses are a problem, not a socket", async () => {
    const agent = await site.connect();
    expect(await codeOf(site.consoleAt(agent))).toBe("clusters.console_refused");
  });

  it("end when their agent is gone for good", async () => {
    const agent = await site.connect({ console: (say) => say });
    const { closed } = await site.openConsole(agent);
    agent.cut();
    await eventually("closed", async () => closed.code);
    expect(closed.code).toBe(1011);
  });

  it("end as well when their agent went while the object slept, and are there again when it comes back", async () => {
    const agent = await site.connect({ console: (say) => (message) => say(`echo ${message}`) });
    const { socket, heard, closed } = await site.openConsole(agent);
    await evictDurableObject(site.relay(agent));
    agent.cut();
    await sleep(200);
    await agent.connect();
    await sleep(2_500);
    socket.send("back");
    await eventually("an echo", async () => heard.includes("echo back"));
    await evictDurableObject(site.relay(agent));
    agent.cut();
    await eventually("closed", async () => closed.code);
    expect(closed.code).toBe(1012);
  }, 60_000);
});
