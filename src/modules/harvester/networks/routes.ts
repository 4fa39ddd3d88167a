import { type Route, route } from "../../../http/route.ts";
import { createClusterNetwork } from "./operations/create-cluster-network.ts";
import { createVlanConfig } from "./operations/create-vlan-config.ts";
import { createVmNetwork } from "./operations/create-vm-network.ts";
import { deleteClusterNetwork } from "./operations/delete-cluster-network.ts";
import { deleteVlanConfig } from "./operations/delete-vlan-config.ts";
import { deleteVmNetwork } from "./operations/delete-vm-network.ts";
import { getLinks } from "./operations/get-links.ts";
import { getVmNetwork } from "./operations/get-vm-network.ts";
import { listClusterNetworks } from "./operations/list-cluster-networks.ts";
import { listVlanConfigs } from "./operations/list-vlan-configs.ts";
import { listVmNetworks } from "./operations/list-vm-networks.ts";

const all = "/v1/clusters/{id}";
const within = "/v1/clusters/{id}/namespaces/{namespace}/vm-networks";

export const networkRoutes: readonly Route[] = [
  route(listVmNetworks, "GET", `${all}/vm-networks`),
  route(createVmNetwork, "POST", within, { status: 201 }),
  route(getVmNetwork, "GET", `${within}/{name}`),
  route(deleteVmNetwork, "DELETE", `${within}/{name}`),
  route(listClusterNetworks, "GET", `${all}/cluster-networks`),
  route(createClusterNetwork, "POST", `${all}/cluster-networks`, { status: 201 }),
  route(deleteClusterNetwork, "DELETE", `${all}/cluster-networks/{name}`),
  route(listVlanConfigs, "GET", `${all}/vlan-configs`),
  route(createVlanConfig, "POST", `${all}/vlan-configs`, { status: 201 }),
  route(deleteVlanConfig, "DELETE", `${all}/vlan-configs/{name}`),
  route(getLinks, "GET", `${all}/links`),
];
