import { type Route, route } from "../../../http/route.ts";
import { checkMaintenance } from "./operations/check-maintenance.ts";
import { cordonHost } from "./operations/cordon-host.ts";
import { enterMaintenance } from "./operations/enter-maintenance.ts";
import { getHost } from "./operations/get-host.ts";
import { getHostMetrics } from "./operations/get-host-metrics.ts";
import { leaveMaintenance } from "./operations/leave-maintenance.ts";
import { listHosts } from "./operations/list-hosts.ts";
import { powerHost } from "./operations/power-host.ts";
import { switchCpuManager } from "./operations/switch-cpu-manager.ts";
import { uncordonHost } from "./operations/uncordon-host.ts";
import { updateHost } from "./operations/update-host.ts";

const hosts = "/v1/clusters/{id}/hosts";
const one = `${hosts}/{name}`;

export const hostRoutes: readonly Route[] = [
  route(listHosts, "GET", hosts),
  route(getHost, "GET", one),
  route(updateHost, "PATCH", one),
  route(getHostMetrics, "GET", `${one}/metrics`),
  route(cordonHost, "POST", `${one}:cordon`),
  route(uncordonHost, "POST", `${one}:uncordon`),
  route(checkMaintenance, "GET", `${one}/maintenance`),
  route(enterMaintenance, "POST", `${one}:enterMaintenance`),
  route(leaveMaintenance, "POST", `${one}:leaveMaintenance`),
  route(powerHost, "POST", `${one}:power`),
  route(switchCpuManager, "POST", `${one}:switchCpuManager`),
];
