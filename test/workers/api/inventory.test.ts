import { beforeAll, describe, expect, it } from "vitest";
import { newActingRules } from "../support/acting-rules.ts";
import { connectAgent, type TestAgent } from "../support/test-agent.ts";
import { eventually, newWorld, sleep, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await newWorld();
});

const thing = (key: string, summary: Record<string, unknown>, resourceVersion = "1") => ({
  key,
  uid: key,
  resourceVersion,
  summary,
});

const vm = (state: string, more: object = {}) => ({
  printableStatus: state,
  state,
  runStrategy: "Always",
  cpus: 2,
  memoryBytes: 1024,
  host: "n1",
  addresses: [],
  volumes: ["default/disk-0"],
  networks: [],
  image: null,
  ...more,
});

async function tell(agent: TestAgent, changed: readonly ReturnType<typeof thing>[], removed: string[] = []) {
  const before = agent.pushed.length;
  agent.tell({ type: "inventory", at: Date.now(), changed: [...changed], removed });
  await eventually("the push is stored", async () => agent.pushed.length > before);
}

/** The events of a stream that has ended. */
const eventsOf = (text: string) =>
  text
    .split("\n\n")
    .filter((block) => block.includes("data: "))
    .map((block) => ({
      id: Number(/^id: (\d+)$/m.exec(block)?.[1]),
      event: /^event: (\w+)$/m.exec(block)?.[1],
      data: JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? "null"),
    }));

describe("what is known of a cluster", () => {
  it("is listed by kind and namespace with its age, and stays while the cluster is offline", async () => {
    const agent = await connectAgent(world);
    const at = `/v1/clusters/${agent.clusterId}`;
    await tell(agent, [
      thing("core/nodes//n1", { state: "ready" }),
      thing("kubevirt.io/virtualmachines/default/a", vm("running")),
      thing("kubevirt.io/virtualmachines/other/b", vm("stopped")),
    ]);
    const all = (await world.ok(`GET ${at}/inventory`)).body;
    expect(all.items.map((item: { name: string }) => item.name).sort()).toEqual(["a", "b", "n1"]);
    expect(all.freshness).toMatchObject({ online: true });
    agent.cut();
    await eventually("it is offline", async () => {
      const { freshness } = (await world.ok(`GET ${at}/inventory?kind=vm&namespace=other`)).body;
      return freshness.online === false && freshness.ageMs >= 0;
    });
    const { items } = (await world.ok(`GET ${at}/inventory?kind=vm&namespace=other`)).body;
    expect(items).toMatchObject([
      { kind: "vm", namespace: "other", name: "b", summary: { state: "stopped" } },
    ]);
    expect((await world.call(`GET ${at}/inventory?kind=pod`)).status).toBe(422);
  });

  it("hangs together as its topology shows", async () => {
    const agent = await connectAgent(world);
    await tell(agent, [
      thing("core/nodes//n1", { state: "ready" }),
      thing("core/persistentvolumeclaims/default/disk-0", {
        phase: "Bound",
        sizeBytes: 1,
        storageClass: "lh",
        image: null,
        backing: null,
      }),
      thing("kubevirt.io/virtualmachines/default/a", vm("running")),
    ]);
    const { body } = await world.ok(`GET /v1/clusters/${agent.clusterId}/topology`);
    expect(body.truncated).toBe(false);
    expect(body.edges.map(({ kind }: { kind: string }) => kind).sort()).toEqual(["runs_on", "uses"]);
  });

  it("is followed live, and again after any change that was seen", async () => {
    const agent = await connectAgent(world);
    const at = `/v1/clusters/${agent.clusterId}/inventory/stream`;
    await tell(agent, [thing("core/nodes//n1", { state: "ready" })]);
    const live = world.ok(`GET ${at}?seconds=3`);
    await sleep(500);
    await tell(agent, [thing("core/nodes//n1", { state: "not_ready" }, "2")]);
    await tell(agent, [thing("core/persistentvolumeclaims/team/d", { phase: "Bound" })]);
    await tell(agent, [], ["core/persistentvolumeclaims/team/d"]);
    const seen = eventsOf((await live).text);
    expect(seen.map(({ event, data }) => `${event} ${data.kind} ${data.name}`)).toEqual([
      "changed host n1",
      "added volume d",
      "removed volume d",
    ]);
    expect(seen[0]?.data).toMatchObject({ before: { state: "ready" }, after: { state: "not_ready" } });
    const again = eventsOf(
      (await world.ok(`GET ${at}?seconds=0`, { headers: { "last-event-id": String(seen[0]?.id) } })).text,
    );
    expect(again.map(({ id }) => id)).toEqual(seen.slice(1).map(({ id }) => id));
    const volumes = eventsOf((await world.ok(`GET ${at}?seconds=0&after=0&kind=volume&namespace=team`)).text);
    expect(volumes.map(({ event }) => event)).toEqual(["added", "removed"]);
  });

  it("is told to the rules where a machine crashes, comes back, or goes away in trouble", async () => {
    const rules = await newActingRules(world);
    const agent = await connectAgent(world);
    const name = (await world.ok(`GET /v1/clusters/${agent.clusterId}`)).body.name;
    const definition = {
      name: world.name("crash"),
      sources: { types: ["vm.state"] },
      key: ["data.vm"],
      keyLabels: ["vm"],
      trigger: { kind: "filter" },
      condition: {
        kind: "expression",
        open: 'data.state == "crashed"',
        close: 'data.state in ["running", "removed"]',
      },
    };
    const { body: rule } = await world.ok("POST /v1/rules", { json: { definition } });
    await world.ok(`POST /v1/rules/${rule.id}/versions/1:validate`, { json: {} });
    await world.ok(`POST /v1/rules/${rule.id}/versions/1:publish`, { json: {} });
    await eventually("the engine knows the rule", async () => (await rules.health(rule.id)) !== undefined);
    const key = "kubevirt.io/virtualmachines/default/a";
    const stateOf = async () => {
      const { items } = (await world.ok("GET /v1/alerts?limit=200")).body;
      const own = items.filter(
        (alert: { labels: Record<string, string> }) => alert.labels["vm"] === `${name}/default/a`,
      );
      return own.map(({ status }: { status: string }) => status).join();
    };
    await tell(agent, [thing(key, vm("running"))]);
    await tell(agent, [thing(key, vm("crashed"), "2")]);
    await eventually("an alert fires", async () => (await stateOf()).includes("firing"));
    await tell(agent, [thing(key, vm("running"), "3")]);
    await eventually("the alert ends", async () => !(await stateOf()).includes("firing"));
    const before = agent.pushed.length;
    agent.tell({
      type: "events",
      events: [
        {
          id: "event-1/1",
          at: Date.now(),
          reason: "Stopped",
          type: "Warning",
          message: "The VirtualMachineInstance crashed.",
          object: { kind: "VirtualMachineInstance", namespace: "default", name: "a", uid: "u" },
        },
      ],
    });
    await eventually("the event is stored", async () => agent.pushed.length > before);
    await eventually("it fires for a crash that is mended at once", async () =>
      (await stateOf()).includes("firing"),
    );
    await tell(agent, [], [key]);
    await eventually("the alert ends with the machine", async () => !(await stateOf()).includes("firing"));
  });
});
