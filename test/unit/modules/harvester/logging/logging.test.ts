import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClusterLogFlow } from "../../../../../src/modules/harvester/logging/operations/create-cluster-log-flow.ts";
import { createClusterLogOutput } from "../../../../../src/modules/harvester/logging/operations/create-cluster-log-output.ts";
import { createLogFlow } from "../../../../../src/modules/harvester/logging/operations/create-log-flow.ts";
import { createLogOutput } from "../../../../../src/modules/harvester/logging/operations/create-log-output.ts";
import { deleteClusterLogFlow } from "../../../../../src/modules/harvester/logging/operations/delete-cluster-log-flow.ts";
import { deleteClusterLogOutput } from "../../../../../src/modules/harvester/logging/operations/delete-cluster-log-output.ts";
import { deleteLogFlow } from "../../../../../src/modules/harvester/logging/operations/delete-log-flow.ts";
import { deleteLogOutput } from "../../../../../src/modules/harvester/logging/operations/delete-log-output.ts";
import { listClusterLogFlows } from "../../../../../src/modules/harvester/logging/operations/list-cluster-log-flows.ts";
import { listClusterLogOutputs } from "../../../../../src/modules/harvester/logging/operations/list-cluster-log-outputs.ts";
import { listLogFlows } from "../../../../../src/modules/harvester/logging/operations/list-log-flows.ts";
import { listLogOutputs } from "../../../../../src/modules/harvester/logging/operations/list-log-outputs.ts";
import { type Stage, stageCluster } from "../../../../support/harvester/stage-cluster.ts";
import { isPublished } from "../../../../support/kube/harvester/index/harvester-api.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await stageCluster();
});
afterAll(() => stage.stop());

const at = (name: string) => ({ namespace: "default", name });
const password = { secret: "store", key: "password" };

describe("logs of a cluster", () => {
  it("go from a namespace to its outputs", async () => {
    const destination = { kind: "loki", url: "https://loki.example.org", password };
    const made = await stage.call(createLogOutput, { ...at("loki"), destination });
    expect(made.object).toMatchObject({
      kind: "loki",
      address: "https://loki.example.org",
      secrets: [password],
    });
    const match = [{ labels: { app: "x" } }, { take: false, containers: ["init"] }];
    await stage.call(createLogFlow, { ...at("all"), outputs: ["loki"], match });
    const { items } = await stage.call(listLogFlows, { namespace: "default" });
    expect(items).toMatchObject([
      {
        name: "all",
        outputs: ["loki"],
        match: [
          { take: true, labels: { app: "x" } },
          { take: false, containers: ["init"] },
        ],
      },
    ]);
    expect((await stage.call(listLogOutputs, {})).items).toHaveLength(1);
    await stage.call(deleteLogFlow, at("all"));
    await stage.call(deleteLogOutput, at("loki"));
    expect((await stage.call(listLogOutputs, {})).items).toEqual([]);
  });

  it("go from the whole cluster to outputs of the whole cluster", async () => {
    for (const [name, destination] of Object.entries({
      es: { kind: "elasticsearch", host: "es.example.org", user: "maru", password },
      hec: { kind: "splunk", host: "splunk.example.org", token: { secret: "store", key: "token" } },
      log: { kind: "syslog", host: "10.0.0.9" },
    }))
      await stage.call(createClusterLogOutput, { name, destination });
    const match = [{ namespaces: ["default"] }];
    await stage.call(createClusterLogFlow, { name: "all", clusterOutputs: ["es", "hec"], match });
    const outputs = await stage.call(listClusterLogOutputs, {});
    expect(outputs.items.map(({ kind, address }) => [kind, address])).toEqual([
      ["elasticsearch", "es.example.org"],
      ["splunk", "splunk.example.org"],
      ["syslog", "10.0.0.9"],
    ]);
    const flows = await stage.call(listClusterLogFlows, {});
    expect(flows.items).toMatchObject([{ namespace: null, match: [{ namespaces: ["default"] }] }]);
    await stage.call(deleteClusterLogFlow, { name: "all" });
    await stage.call(deleteClusterLogOutput, { name: "es" });
    const outsider = await stage.heldTo("default");
    expect((await stage.refused(listClusterLogFlows, {}, outsider)).code).toBe("harvester.part_of_cluster");
  });

  it("take keys by reference only, and need an output", async () => {
    const destination = { kind: "splunk", host: "splunk.example.org", token: "hunter2" };
    await expect(stage.call(createLogOutput, { ...at("x"), destination })).rejects.toThrow();
    await expect(stage.call(createLogFlow, at("x"))).rejects.toThrow(/output/);
    const inUrl = { kind: "loki", url: "https://user:hunter2@loki.example.org" };
    await expect(stage.call(createLogOutput, { ...at("x"), destination: inUrl })).rejects.toThrow(
      /credentials/,
    );
  });

  it("ask the cluster only what is published", () => {
    for (const { method, path } of stage.calls)
      expect([method, path, isPublished(method, path)]).toEqual([method, path, true]);
  });
});
