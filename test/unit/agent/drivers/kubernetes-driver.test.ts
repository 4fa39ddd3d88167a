import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { frameTypes, unpackHead } from "../../../../contracts/relay/frame.ts";
import type { InventoryPush } from "../../../../contracts/relay/push.ts";
import { createSimulator } from "../../../support/kube/create-simulator.ts";
import { administrator, harvesterCluster } from "../../../support/kube/harvester/harvester-cluster.ts";
import { selfSignedCertificate } from "../../../support/kube/self-signed.ts";
import type { Simulator } from "../../../support/kube/words.ts";
import { kubeconfigFor, startAgent, type TestAgent } from "../support/start-agent.ts";
import { Refused, startTestRelay, type TestRelay, textOf } from "../support/test-relay.ts";

const machines = "/apis/kubevirt.io/v1/namespaces/default/virtualmachines";
const subresources = "/apis/subresources.kubevirt.io/v1/namespaces/default/virtualmachineinstances";

let simulator: Simulator;
let relay: TestRelay;
let agent: TestAgent | undefined;

beforeAll(async () => {
  simulator = await createSimulator({
    extensions: harvesterCluster({ seed: "calm" }),
    tokens: { secret: administrator },
    clock: 1,
  });
});
afterAll(() => simulator.stop());
afterEach(async () => {
  await agent?.stop();
  await relay.stop();
});

async function begin(
  config: object = {},
  kubeconfig = kubeconfigFor(simulator.url, "secret"),
): Promise<void> {
  relay = await startTestRelay();
  agent = await startAgent(relay, config, kubeconfig);
}

async function refusal(promise: Promise<unknown>): Promise<Refused["failure"]> {
  const error = await promise.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(Refused);
  return (error as Refused).failure;
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 400 && !condition(); tries++)
    await new Promise((resolve) => setTimeout(resolve, 25));
  expect(condition()).toBe(true);
}

const inventory = () =>
  relay.pushes.filter((push): push is ReturnType<typeof InventoryPush.parse> => push.type === "inventory");

describe("the cluster's API behind the agent", () => {
  it("lists, refuses by its policy, and hides what the policy was told to let through", async () => {
    await begin({
      policy: { lift: ["secrets"], deny: [{ verbs: ["list"], apiGroups: [""], resources: ["configmaps"] }] },
    });
    const nodes = JSON.parse(await textOf(await relay.send({ path: "/api/v1/nodes" })));
    expect(nodes.items.length).toBeGreaterThan(1);
    expect(await refusal(relay.send({ path: "/api/v1/configmaps" }))).toMatchObject({
      code: "policy_refused",
      ran: "no",
    });
    const { store } = simulator.world;
    const secrets = store.kindOf("", "secrets");
    store.create(secrets, {
      metadata: { name: "hidden", namespace: "default" } as never,
      data: { password: "c3dvcmRmaXNo" },
    });
    const list = await textOf(await relay.send({ path: "/api/v1/namespaces/default/secrets" }));
    expect(list).not.toContain("c3dvcmRmaXNo");
    expect(
      JSON.parse(list).items.some((item: { metadata: { name: string } }) => item.metadata.name === "hidden"),
    ).toBe(true);
  });

  it("writes Secrets of cloud-init only, and changes no others", async () => {
    await begin();
    const path = "/api/v1/namespaces/default/secrets";
    const headers = { "content-type": "application/json" };
    const secret = (name: string, labels: object) =>
      Buffer.from(
        JSON.stringify({
          apiVersion: "v1",
          kind: "Secret",
          metadata: { name, labels },
          stringData: { userdata: "#cloud-config\n" },
        }),
      );
    expect(await refusal(relay.send({ verb: "POST", path, headers }, secret("a", {})))).toMatchObject({
      code: "policy_refused",
      ran: "no",
    });
    const label = { "harvesterhci.io/cloud-init-template": "harvester" };
    expect((await relay.send({ verb: "POST", path, headers }, secret("a", label))).head.status).toBe(201);
    const { store } = simulator.world;
    store.create(store.kindOf("", "secrets"), {
      metadata: { name: "other", namespace: "default" } as never,
      data: {},
    });
    expect(await refusal(relay.send({ verb: "DELETE", path: `${path}/other` }))).toMatchObject({
      code: "policy_refused",
    });
    expect((await relay.send({ verb: "DELETE", path: `${path}/a` })).head.status).toBe(200);
    // Nobody could look into a body that comes in pieces, nor does an apply get around the label.
    const streamed = relay.send({ verb: "POST", path, headers, bodySha256: "stream" });
    expect(await refusal(streamed)).toMatchObject({ code: "policy_refused", ran: "no" });
    const apply = { "content-type": "application/apply-patch+yaml" };
    const created = relay.send({ verb: "PATCH", path: `${path}/new`, headers: apply }, secret("new", {}));
    expect(await refusal(created)).toMatchObject({ code: "policy_refused" });
  });

  it("doesn't write back what it has hidden", async () => {
    await begin();
    const body = Buffer.from(JSON.stringify({ spec: { password: "redacted-by-maru-agent" } }));
    const headers = { "content-type": "application/merge-patch+json" };
    const failure = await refusal(relay.send({ verb: "PATCH", path: `${machines}/build-01`, headers }, body));
    expect(failure).toMatchObject({ code: "policy_refused", detail: expect.stringContaining("taken out") });
  });

  it("follows a watch, and lets go of it when the caller does", async () => {
    await begin();
    const { head, body, stream } = await relay.send({ path: `${machines}?watch=true&timeoutSeconds=60` });
    expect(head.status).toBe(200);
    const reader = body.readable("plain", () => {}).getReader();
    const first = JSON.parse(
      Buffer.from((await reader.read()).value ?? [])
        .toString()
        .split("\n")[0] ?? "",
    );
    expect(first).toMatchObject({ type: "ADDED", object: { kind: "VirtualMachine" } });
    stream.cancel({ code: "cancelled", detail: "", ran: "unknown" });
  });

  it("carries a console both ways, and says when there is none", async () => {
    await begin();
    const { store } = simulator.world;
    const running =
      store.list(store.kindOf("kubevirt.io", "virtualmachineinstances"), "default")[0]?.metadata.name ?? "";
    const { payload } = relay.command({ path: `${subresources}/${running}/console` });
    const frames: { type: number; text: string }[] = [];
    const stream = relay.open(frameTypes.WS_OPEN, payload, {
      take: ({ type, payload }) => frames.push({ type, text: Buffer.from(payload).toString() }),
      ended: () => {},
    });
    await until(() => frames[0]?.type === frameTypes.RES);
    stream.writeWhole(frameTypes.WS_DATA, Buffer.from("\x02\n"));
    await until(() => frames.some(({ type }) => type === frameTypes.WS_DATA));
    stream.finish(frameTypes.WS_CLOSE, Buffer.from([0x03, 0xe8]));
    const none = Promise.withResolvers<{ type: number; status: number }>();
    relay.open(frameTypes.WS_OPEN, relay.command({ path: `${subresources}/none/console` }).payload, {
      take: ({ type, payload }) =>
        none.resolve({ type, status: (unpackHead(payload).head as { status: number }).status }),
      ended: ({ detail }) => none.reject(new Error(detail)),
    });
    expect(await none.promise).toEqual({ type: frameTypes.RES_FULL, status: 404 });
  });

  it("goes on with a console that the relay names when it has forgotten the rest", async () => {
    await begin();
    const { store } = simulator.world;
    const [running] = store.list(store.kindOf("kubevirt.io", "virtualmachineinstances"), "default");
    const { payload } = relay.command({ path: `${subresources}/${running?.metadata.name}/console` });
    const heard: number[] = [];
    const ended: string[] = [];
    const taker = {
      take: ({ type }: { type: number }) => void heard.push(type),
      ended: ({ code }: { code: string }) => void ended.push(code),
    };
    const { id } = relay.open(frameTypes.WS_OPEN, payload, taker);
    await until(() => heard[0] === frameTypes.RES);
    relay.forgetful = true;
    relay.survivors.set(id, taker);
    ended.length = 0;
    relay.cut();
    await until(() => relay.hellos.length === 2);
    await relay.online();
    const before = heard.length;
    relay.find(id)?.writeWhole(frameTypes.WS_DATA, Buffer.from("\x02\n"));
    await until(() => heard.length > before || ended.includes("protocol"));
    expect([ended.includes("protocol"), heard.at(-1)]).toEqual([false, frameTypes.WS_DATA]);
  });

  it("tells what the cluster holds, then what changes, and all of it again to a relay that has forgotten", async () => {
    await begin({ inventory: { enabled: true } });
    await until(() => inventory().some(({ full }) => full?.includes("kubevirt.io/virtualmachines")));
    const told = inventory().find(({ full }) => full?.includes("kubevirt.io/virtualmachines"));
    const machine = told?.changed.find(({ summary }) => summary["state"] === "running");
    expect(machine?.summary).toMatchObject({ host: expect.any(String), volumes: [expect.any(String)] });
    await until(() =>
      inventory().some(({ full }) => full?.includes("harvesterhci.io/virtualmachinerestores")),
    );
    const before = inventory().length;
    const { store } = simulator.world;
    const networks = store.kindOf("k8s.cni.cncf.io", "network-attachment-definitions");
    const key = "k8s.cni.cncf.io/network-attachment-definitions/default/soon-gone";
    const metadata = { name: "soon-gone", namespace: "default" } as never;
    store.create(networks, {
      metadata,
      spec: { config: JSON.stringify({ type: "bridge", bridge: "lab-br", vlan: 7 }) },
    });
    await until(() => inventory().some(({ changed }) => changed.some((one) => one.key === key)));
    store.delete(networks, "default", "soon-gone");
    await until(() => inventory().some(({ removed }) => removed.includes(key)));
    expect(
      inventory()
        .slice(before)
        .every(({ full }) => full === undefined),
    ).toBe(true);
    const again = inventory().length;
    relay.forgetful = true;
    relay.cut();
    await until(() =>
      inventory()
        .slice(again)
        .some(({ full }) => full?.includes("core/nodes")),
    );
  });

  it("goes on after its watches were cut and had expired", async () => {
    await begin({ inventory: { enabled: true } });
    await until(() => inventory().some(({ full }) => full?.includes("core/namespaces")));
    simulator.inject({ does: { kind: "expire_watches" } });
    simulator.inject({ does: { kind: "drop_watches" } });
    const { store } = simulator.world;
    const name = `late-${relay.pushes.length}`;
    store.create(store.kindOf("", "namespaces"), { metadata: { name } as never });
    await until(() =>
      inventory().some(({ changed }) => changed.some(({ key }) => key === `core/namespaces//${name}`)),
    );
  });

  it("says that the cluster is down", async () => {
    await begin({}, kubeconfigFor("http://127.0.0.1:1", "secret"));
    expect(await refusal(relay.send({ path: "/version" }))).toMatchObject({
      code: "upstream_unreachable",
      ran: "no",
    });
  });
});

describe("an untrusted certificate", () => {
  it("is named with its fingerprint and what to do, and accepted once its authority is given", async () => {
    const { key, cert } = selfSignedCertificate("127.0.0.1");
    const server = createServer({ key, cert }, (_, response) => response.end("{}"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await begin({}, kubeconfigFor(url, "secret"));
    const failure = await refusal(relay.send({ path: "/version" }));
    expect(failure).toMatchObject({ code: "certificate_untrusted", ran: "no" });
    expect(failure.detail).toMatch(/fingerprint (?:[0-9A-F]{2}:){31}[0-9A-F]{2}.*certificate-authority-data/);
    await agent?.stop();
    await relay.stop();
    const authority = { "certificate-authority-data": Buffer.from(cert).toString("base64") };
    await begin({}, kubeconfigFor(url, "secret", authority));
    expect((await relay.send({ path: "/version" })).head.status).toBe(200);
    server.closeAllConnections();
    server.close();
  });

  it("is not skipped because a kubeconfig says so", async () => {
    relay = await startTestRelay();
    agent = undefined;
    const skip = kubeconfigFor("https://127.0.0.1:1", "secret", { "insecure-skip-tls-verify": true });
    await expect(startAgent(relay, {}, skip)).rejects.toThrow("insecure-skip-tls-verify");
  });
});
