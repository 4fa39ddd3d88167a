import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createIpPool } from "../../../../../src/modules/harvester/balancers/operations/create-ip-pool.ts";
import { createLoadBalancer } from "../../../../../src/modules/harvester/balancers/operations/create-load-balancer.ts";
import { deleteIpPool } from "../../../../../src/modules/harvester/balancers/operations/delete-ip-pool.ts";
import { deleteLoadBalancer } from "../../../../../src/modules/harvester/balancers/operations/delete-load-balancer.ts";
import { listIpPools } from "../../../../../src/modules/harvester/balancers/operations/list-ip-pools.ts";
import { listLoadBalancers } from "../../../../../src/modules/harvester/balancers/operations/list-load-balancers.ts";
import { readIpPool } from "../../../../../src/modules/harvester/balancers/read-balancers.rules.ts";
import { type Stage, stageCluster } from "../../../../support/harvester/stage-cluster.ts";
import { isPublished } from "../../../../support/kube/harvester/index/harvester-api.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await stageCluster();
});
afterAll(() => stage.stop());

const subnet = "10.1.0.0/24";

describe("pools and load balancers of a cluster", () => {
  it("makes pools that share no address", async () => {
    const ranges = [{ subnet, from: "10.1.0.10", to: "10.1.0.20", gateway: "10.1.0.1" }];
    await stage.call(createIpPool, { name: "lab", ranges, namespaces: ["default"] });
    const refused = await stage.refused(createIpPool, {
      name: "other",
      ranges: [{ subnet }, { subnet: "10.2.0.0/24", from: "10.3.0.1", to: "10.2.0.1" }],
    });
    expect(refused).toMatchObject({
      code: "harvester.pool_refused",
      errors: [
        { pointer: "/ranges/0", code: "overlap" },
        { pointer: "/ranges/1/from", code: "outside" },
        { pointer: "/ranges/1/to", code: "backwards" },
      ],
    });
    const { items } = await stage.call(listIpPools, {});
    expect(items).toMatchObject([{ name: "lab", namespaces: ["default"] }]);
  });

  it("puts a load balancer before machines, and takes it away", async () => {
    const draft = {
      namespace: "default",
      name: "front",
      pool: "lab",
      listeners: [{ name: "http", port: 80, protocol: "TCP", backendPort: 8080 }],
      backends: { app: ["web"] },
    };
    const { object } = await stage.call(createLoadBalancer, draft);
    expect(object).toMatchObject({ pool: "lab", backends: { app: ["web"] } });
    const unknown = await stage.refused(createLoadBalancer, { ...draft, name: "b", pool: "nope" });
    expect(unknown).toMatchObject({ kind: "conflict", code: "harvester.denied" });
    const twice = [...draft.listeners, { ...draft.listeners[0], name: "again" }];
    await expect(stage.call(createLoadBalancer, { ...draft, listeners: twice })).rejects.toThrow(/port/);
    expect((await stage.call(listLoadBalancers, {})).items).toHaveLength(1);
    await stage.call(deleteLoadBalancer, { namespace: "default", name: "front" });
    await stage.call(deleteIpPool, { name: "lab" });
  });

  it("tells of a pool only what the caller reaches", () => {
    const pool = {
      metadata: { name: "lab" },
      spec: { selector: { scope: [{ namespace: "default" }, { namespace: "secret" }, { namespace: "*" }] } },
      status: { allocated: { "10.1.0.10": "default/front", "10.1.0.11": "secret/front" } },
    };
    expect(readIpPool(pool, ["default"])).toMatchObject({
      namespaces: ["default", "*"],
      allocated: { "10.1.0.10": "default/front" },
    });
    expect(Object.keys(readIpPool(pool).allocated)).toHaveLength(2);
  });

  it("asks the cluster only what is published", () => {
    for (const { method, path } of stage.calls)
      expect([method, path, isPublished(method, path)]).toEqual([method, path, true]);
  });
});
