import { createSimulator } from "../../../../support/kube/create-simulator.ts";
import { administrator, harvesterCluster } from "../../../../support/kube/harvester/harvester-cluster.ts";
import { type Fields, fieldsOf, itemsAt } from "../../../../support/kube/harvester/machines/fields.ts";
import type { Simulator } from "../../../../support/kube/words.ts";

export interface Answer {
  readonly status: number;
  readonly body: Fields;
  readonly text: string;
}

export interface ClusterUnderTest {
  readonly simulator: Simulator;
  call(method: string, path: string, body?: unknown, type?: string): Promise<Answer>;
  get(path: string): Promise<Fields>;
  items(path: string): Promise<Fields[]>;
  /** Creates an object in a collection; a refusal is thrown. */
  create(path: string, type: string, name: string, object: Fields): Promise<Fields>;
  merge(path: string, change: Fields): Promise<Answer>;
  pass(seconds: number): Promise<void>;
  /** Lets a second pass at a time until it holds; says after how many. */
  until(holds: () => Promise<boolean>, atMost?: number): Promise<number>;
  stop(): Promise<void>;
}

/** A cluster in virtual time, called over HTTP as its administrator. */
export async function clusterUnderTest(seed: "calm" | "cluster" = "calm"): Promise<ClusterUnderTest> {
  const simulator = await createSimulator({
    extensions: harvesterCluster({ seed }),
    tokens: { secret: administrator },
    clock: "virtual",
  });
  const call: ClusterUnderTest["call"] = async (method, path, body, type = "application/json") => {
    const response = await fetch(simulator.url + path, {
      method,
      headers: { authorization: "Bearer secret", "content-type": type },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = (response.headers.get("content-type") ?? "").includes("json");
    return { status: response.status, text, body: isJson && text !== "" ? fieldsOf(JSON.parse(text)) : {} };
  };
  const get = async (path: string) => (await call("GET", path)).body;
  return {
    simulator,
    call,
    get,
    items: async (path) => itemsAt(await get(path), "items"),
    async create(path, type, name, { annotations, ...object }) {
      const [apiVersion = "", kind = ""] = type.split(" ");
      const metadata = { name, ...(annotations === undefined ? {} : { annotations }) };
      const made = await call("POST", path, { apiVersion, kind, metadata, ...object });
      if (made.status !== 201) throw new Error(`${made.status}: ${made.text}`);
      return made.body;
    },
    merge: (path, change) => call("PATCH", path, change, "application/merge-patch+json"),
    pass: (seconds) => simulator.world.clock.advance(seconds * 1000),
    async until(holds, atMost = 300) {
      for (let second = 0; second <= atMost; second++) {
        if (await holds()) return second;
        await simulator.world.clock.advance(1000);
      }
      throw new Error(`It did not come to hold in ${atMost} s.`);
    },
    stop: () => simulator.stop(),
  };
}

export const paths = {
  machine: (name: string, namespace = "default") =>
    `/apis/kubevirt.io/v1/namespaces/${namespace}/virtualmachines/${name}`,
  instance: (name: string, namespace = "default") =>
    `/apis/kubevirt.io/v1/namespaces/${namespace}/virtualmachineinstances/${name}`,
  verb: (name: string, verb: string, namespace = "default") =>
    `/apis/subresources.kubevirt.io/v1/namespaces/${namespace}/virtualmachines/${name}/${verb}`,
  instanceVerb: (name: string, verb: string, namespace = "default") =>
    `/apis/subresources.kubevirt.io/v1/namespaces/${namespace}/virtualmachineinstances/${name}/${verb}`,
  claim: (name: string, namespace = "default") =>
    `/api/v1/namespaces/${namespace}/persistentvolumeclaims/${name}`,
  own: (plural: string, name?: string, namespace = "default") =>
    `/apis/harvesterhci.io/v1beta1/namespaces/${namespace}/${plural}${name === undefined ? "" : `/${name}`}`,
  prometheus: (kind: "query" | "query_range", query: Readonly<Record<string, string>>) =>
    `/api/v1/namespaces/cattle-monitoring-system/services/http:rancher-monitoring-prometheus:9090/proxy/api/v1/${kind}?${new URLSearchParams(query)}`,
};
