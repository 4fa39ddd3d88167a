import { type Route, route } from "../../../http/route.ts";
import { getClusterMetrics } from "./operations/get-cluster-metrics.ts";
import { getHostMetrics } from "./operations/get-host-metrics.ts";
import { getVmMetrics } from "./operations/get-vm-metrics.ts";
import { listAlertmanagerConfigs } from "./operations/list-alertmanager-configs.ts";
import { queryMetrics } from "./operations/query-metrics.ts";

const all = "/v1/clusters/{id}";

export const monitoringRoutes: readonly Route[] = [
  route(getClusterMetrics, "GET", `${all}/metrics`),
  route(queryMetrics, "GET", `${all}/metrics/query`),
  route(getHostMetrics, "GET", `${all}/metrics/hosts/{name}`),
  route(getVmMetrics, "GET", `${all}/namespaces/{namespace}/virtual-machines/{name}/metrics`),
  route(listAlertmanagerConfigs, "GET", `${all}/alertmanager-configs`),
];
