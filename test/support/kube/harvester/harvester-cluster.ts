import type { Extension, User } from "../words.ts";
import { harvesterControllers } from "./controllers/harvester-controllers.ts";
import { harvesterApi } from "./harvester-api.ts";
import { prometheusRoutes } from "./monitoring/prometheus-routes.ts";
import { seedCluster } from "./seed/seed-cluster.ts";
import { consoleSocket } from "./sockets/console-socket.ts";
import { portForwardSockets } from "./sockets/port-forward-socket.ts";
import { rawSockets } from "./sockets/raw-sockets.ts";
import { vncSocket } from "./sockets/vnc-socket.ts";
import { subresourceRoutes } from "./subresources/subresource-routes.ts";

export interface HarvesterOptions {
  /** Passwords of the local users that may log in by Rancher's path. Default: admin with "harvester-admin". */
  readonly users?: Readonly<Record<string, { readonly password: string; readonly user: User }>>;
  /** `cluster`: a cluster as one is found in the field; `calm`: the same without machines in trouble; `empty`: nothing. Default: cluster. */
  readonly seed?: "cluster" | "calm" | "empty";
}

export const administrator: User = { name: "admin", groups: ["system:masters", "system:authenticated"] };

/** What makes a Kubernetes API a Harvester cluster: kinds, admission, Steve, KubeVirt, consoles, Prometheus, and what moves. */
export function harvesterCluster({ users, seed = "cluster" }: HarvesterOptions = {}): readonly Extension[] {
  const moving: Extension = {
    routes: [...subresourceRoutes, ...prometheusRoutes],
    sockets: [consoleSocket, vncSocket, ...portForwardSockets, ...rawSockets],
    controllers: harvesterControllers,
  };
  const found: Extension = { seed: (world) => seedCluster(world, { trouble: seed === "cluster" }) };
  const api = users === undefined ? harvesterApi() : harvesterApi(users);
  // The cluster's own settings come first: the API fills in the defaults of those that are not there.
  return seed === "empty" ? [api, moving] : [found, api, moving];
}
