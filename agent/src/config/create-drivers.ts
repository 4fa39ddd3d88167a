import { readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import type { Driver } from "../drivers/driver.ts";
import { HttpDriver } from "../drivers/http-driver.ts";
import { readKubeconfig, readServiceAccount } from "../drivers/kubernetes/kubeconfig.ts";
import { KubernetesDriver } from "../drivers/kubernetes/kubernetes-driver.ts";
import { PostgresDriver } from "../drivers/postgres-driver.ts";
import { monitoringPath, PrometheusDriver } from "../drivers/prometheus-driver.ts";
import type { AgentConfig } from "./config.ts";
import type { LoadedConfig } from "./load-config.ts";

export interface Drivers {
  readonly all: ReadonlyMap<string, Driver>;
  readonly kubernetes: KubernetesDriver | undefined;
}

/** Makes what agent.yaml names. @throws AccessError when the way into the cluster can't be used */
export function createDrivers(
  loaded: LoadedConfig,
  env: Readonly<Record<string, string | undefined>>,
): Drivers {
  const { config } = loaded;
  const kubernetes = createKubernetes(loaded, env);
  const drivers: Driver[] = kubernetes === undefined ? [] : [kubernetes];
  const prometheus = createPrometheus(config, kubernetes);
  if (prometheus !== undefined) drivers.push(prometheus);
  const { readOnly } = config.policy;
  for (const [name, target] of Object.entries(config.http))
    drivers.push(new HttpDriver(`http:${name}`, target, readOnly));
  for (const [name, link] of Object.entries(config.postgres))
    drivers.push(new PostgresDriver(`postgres:${name}`, link));
  return { all: new Map(drivers.map((driver) => [driver.name, driver])), kubernetes };
}

function createKubernetes(
  { config, folder }: LoadedConfig,
  env: Readonly<Record<string, string | undefined>>,
): KubernetesDriver | undefined {
  const way = config.kubernetes;
  if (way === false) return undefined;
  const harvester = readHarvester(way?.harvester);
  if (way !== undefined && "kubeconfig" in way) {
    const file = isAbsolute(way.kubeconfig) ? way.kubeconfig : join(folder, way.kubeconfig);
    return new KubernetesDriver(readKubeconfig(file, way.context), config.policy, harvester);
  }
  if (way === undefined && env["KUBERNETES_SERVICE_HOST"] === undefined) return undefined;
  return new KubernetesDriver(readServiceAccount(env), config.policy, harvester);
}

function readHarvester(
  given: { readonly url: string; readonly caFile?: string | undefined } | undefined,
): { url: URL; ca?: string } | undefined {
  if (given === undefined) return undefined;
  const url = new URL(given.url);
  return given.caFile === undefined ? { url } : { url, ca: readFileSync(given.caFile, "utf8") };
}

function createPrometheus(config: AgentConfig, kubernetes: KubernetesDriver | undefined): Driver | undefined {
  if (config.prometheus === false) return undefined;
  const { url, headers, caFile } = config.prometheus;
  if (url !== undefined) {
    const target = {
      url,
      headers,
      methods: ["GET" as const],
      paths: ["/api/v1"],
      check: "/-/ready",
      maxBodyBytes: 1,
    };
    const http = new HttpDriver("prometheus", caFile === undefined ? target : { ...target, caFile }, true);
    return new PrometheusDriver(http, "");
  }
  return kubernetes === undefined ? undefined : new PrometheusDriver(kubernetes, monitoringPath);
}
