import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSimulator } from "../../../../../support/kube/create-simulator.ts";
import { harvesterCluster } from "../../../../../support/kube/harvester/harvester-cluster.ts";
import {
  isPublished,
  publishedActions,
  publishedDialect,
  publishedRequests,
} from "../../../../../support/kube/harvester/index/harvester-api.ts";
import { publishedKinds } from "../../../../../support/kube/harvester/index/published-kinds.ts";
import { harvesterKinds } from "../../../../../support/kube/harvester/kinds/harvester-kinds.ts";
import { steveActions } from "../../../../../support/kube/harvester/steve/actions.ts";
import type { Simulator } from "../../../../../support/kube/words.ts";

const extensions = harvesterCluster();
let sim: Simulator;
beforeAll(async () => {
  const tokens = { t: { name: "admin", groups: ["system:masters"] } };
  sim = await createSimulator({ extensions, tokens, clock: "virtual" });
});
afterAll(() => sim.stop());

const SAMPLES: Readonly<Record<string, string>> = {
  namespace: "default",
  group: "kubevirt.io",
  version: "v1",
  port: "22",
  protocol: "tcp",
  type: "nodes",
  first: "default",
};

/** A path with names where the pattern leaves them open. */
function filled(pattern: string): string {
  return pattern.replace(/\{(\w+)\*?\}/g, (_whole, name: string) => SAMPLES[name] ?? "absent");
}

/** The status and the message of an answer; an upgrade is asked for where the path is a WebSocket's. */
function ask(method: string, path: string, upgrade = false): Promise<{ status: number; text: string }> {
  const upgrading = {
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "x3JJHMbDL1EzLkh9GBhXDw==",
  };
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: "Bearer t",
      "content-type": method === "PATCH" ? "application/merge-patch+json" : "application/json",
      ...(upgrade ? upgrading : {}),
    };
    const asked = request(`${sim.url}${path}`, { method, headers }, (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += String(chunk);
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    asked.on("upgrade", (response, socket) => {
      socket.destroy();
      resolve({ status: response.statusCode ?? 0, text: "" });
    });
    asked.on("error", reject);
    asked.end(["POST", "PUT", "PATCH"].includes(method) ? "{}" : undefined);
  });
}

const UNKNOWN = "the server could not find the requested resource";

describe("the index of Harvester's API", () => {
  it("names no request that the simulated cluster does not answer", async () => {
    const unanswered: string[] = [];
    for (const { method, path, webSocket } of [...publishedRequests, ...publishedDialect]) {
      const { status, text } = await ask(method, filled(path), webSocket);
      const served = status !== 405 && status < 500 && !text.includes(UNKNOWN);
      if (!served) unanswered.push(`${method} ${path}: ${status} ${text.slice(0, 120)}`);
    }
    expect(unanswered).toEqual([]);
  });

  it("holds every path that the simulated cluster adds to Kubernetes", () => {
    const routes = extensions.flatMap(({ routes = [] }) => routes);
    const sockets = extensions.flatMap(({ sockets = [] }) => sockets);
    const paths = [
      ...routes.map(({ method, pattern }) => [method, pattern] as const),
      ...sockets.map(({ pattern }) => ["GET", pattern] as const),
    ];
    const unknown = paths.filter(([method, pattern]) => !isPublished(method, filled(pattern)));
    expect(unknown.map((one) => one.join(" "))).toEqual([]);
  });

  it("holds every kind that Harvester brings, by the same names", () => {
    const key = (kind: {
      group: string;
      version: string;
      kind: string;
      plural: string;
      namespaced: boolean;
    }) => [kind.group, kind.version, kind.kind, kind.plural, kind.namespaced].join(" ");
    const published = new Set(publishedKinds.map(key));
    expect(harvesterKinds.map(key).filter((one) => !published.has(one))).toEqual([]);
    const served = new Set(extensions.flatMap(({ kinds = [] }) => kinds).map(key));
    const harvesters = publishedKinds.filter(({ group }) => group.includes("harvesterhci.io"));
    expect(harvesters.map(key).filter((one) => !served.has(one))).toEqual([]);
  });

  it("holds exactly the actions that the dialect runs", () => {
    const sorted = (actions: Readonly<Record<string, readonly string[]>>) =>
      Object.fromEntries(Object.entries(actions).map(([type, names]) => [type, [...names].sort()]));
    expect(sorted(steveActions)).toEqual(sorted(publishedActions));
    expect(publishedActions["kubevirt.io.virtualmachine"]).toHaveLength(28);
  });
});

describe("a request", () => {
  it.each([
    ["GET", "/apis/kubevirt.io/v1/namespaces/ml/virtualmachines?watch=true"],
    ["PATCH", "/apis/kubevirt.io/v1/namespaces/ml/virtualmachines/train-01"],
    ["GET", "/apis/harvesterhci.io/v1beta1/virtualmachineimages?limit=5"],
    ["PUT", "/apis/subresources.kubevirt.io/v1/namespaces/ml/virtualmachines/train-01/start"],
    ["GET", "/apis/subresources.kubevirt.io/v1/namespaces/ml/virtualmachineinstances/train-01/console"],
    ["POST", "/v1/harvester/kubevirt.io.virtualmachines/ml/train-01?action=clone"],
    ["POST", "/v1/harvester/nodes/n1?action=cordon"],
    ["POST", "/v1/harvesterhci.io.keypairs?action=keygen"],
    ["GET", "/v1/harvester/backuptarget/healthz"],
    ["GET", "/api/v1/namespaces/ml/pods/p/log?follow=true"],
    [
      "GET",
      "/api/v1/namespaces/cattle-monitoring-system/services/http:rancher-monitoring-prometheus:9090/proxy/api/v1/query_range?query=up",
    ],
  ])("is published: %s %s", (method, path) => {
    expect(isPublished(method, path)).toBe(true);
  });

  it.each([
    ["POST", "/apis/kubevirt.io/v1/namespaces/ml/virtualmachineinstances"],
    ["DELETE", "/apis/kubevirt.io/v1/namespaces/ml/virtualmachines"],
    ["GET", "/apis/kubevirt.io/v1alpha3/namespaces/ml/virtualmachines"],
    ["POST", "/apis/subresources.kubevirt.io/v1/namespaces/ml/virtualmachines/train-01/start"],
    ["PUT", "/apis/subresources.kubevirt.io/v1/namespaces/ml/virtualmachines/train-01/pause"],
    ["POST", "/v1/harvester/kubevirt.io.virtualmachines/ml/train-01?action=cordon"],
    ["GET", "/v1/harvester/not.a.type"],
    ["GET", "/api/v1/namespaces/ml/virtualmachines"],
    ["GET", "/%E0%A4%A"],
  ])("is not published: %s %s", (method, path) => {
    expect(isPublished(method, path)).toBe(false);
  });
});
