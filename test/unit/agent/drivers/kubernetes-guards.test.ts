import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { frameTypes } from "../../../../contracts/relay/frame.ts";
import { createSimulator } from "../../../support/kube/create-simulator.ts";
import { administrator, harvesterCluster } from "../../../support/kube/harvester/harvester-cluster.ts";
import type { Simulator } from "../../../support/kube/words.ts";
import { kubeconfigFor, startAgent, type TestAgent } from "../support/start-agent.ts";
import { Refused, startTestRelay, type TestRelay, textOf } from "../support/test-relay.ts";

const machines = "/apis/kubevirt.io/v1/namespaces/default/virtualmachines";

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
beforeEach(async () => {
  relay = await startTestRelay();
  agent = await startAgent(relay, {}, kubeconfigFor(simulator.url, "secret"));
});
afterEach(async () => {
  await agent?.stop();
  await relay.stop();
});

async function refusal(promise: Promise<unknown>): Promise<Refused["failure"]> {
  const error = await promise.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(Refused);
  return (error as Refused).failure;
}

describe("a control plane that signs what it should not", () => {
  it("opens nothing as a WebSocket but what speaks both ways", async () => {
    for (const path of [
      "/apis/harvesterhci.io/v1beta1/settings?watch=true",
      `${machines}?watch=true`,
      "/api/v1/namespaces/default/pods/p/log?follow=true",
      "/api/v1/nodes",
      "/version",
      "/v1/harvester/nodes",
    ]) {
      const { payload } = relay.command({ path });
      const failure = await new Promise<Refused["failure"]>((resolve) => {
        relay.open(frameTypes.WS_OPEN, payload, { take: () => {}, ended: resolve });
      });
      expect(failure, path).toMatchObject({ code: "policy_refused", ran: "no" });
    }
  });

  it("switches add-ons and gives them values, but no other chart", async () => {
    const path =
      "/apis/harvesterhci.io/v1beta1/namespaces/cattle-monitoring-system/addons/rancher-monitoring";
    const headers = { "content-type": "application/merge-patch+json" };
    const patch = (body: object | string) =>
      relay.send(
        { verb: "PATCH", path, headers },
        Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
      );
    for (const body of [
      { spec: { repo: "https://evil.example" } },
      { spec: { enabled: true, chart: "evil" } },
      { spec: null },
      { metadata: { ownerReferences: [] } },
      { status: {} },
      [{ op: "replace", path: "/spec/repo", value: "x" }],
      "spec: {repo: x}",
    ]) {
      expect(await refusal(patch(body)), JSON.stringify(body)).toMatchObject({
        code: "policy_refused",
        ran: "no",
      });
    }
    // Of a member that is named twice the cluster gets the one that was looked at.
    const twice = '{"spec":{"repo":"https://evil.example"},"spec":{"enabled":true}}';
    expect((await patch(twice)).head.status).toBe(200);
    const object = JSON.parse(await textOf(await relay.send({ path })));
    expect(object.spec).toMatchObject({ enabled: true });
    expect(object.spec.repo).not.toContain("evil");
  });
});
