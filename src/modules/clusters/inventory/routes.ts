import { type Route, route } from "../../../http/route.ts";
import { getTopology } from "./operations/get-topology.ts";
import { listInventory } from "./operations/list-inventory.ts";
import { streamInventory } from "./operations/stream-inventory.ts";

export const inventoryRoutes: readonly Route[] = [
  route(listInventory, "GET", "/v1/clusters/{id}/inventory"),
  route(streamInventory, "GET", "/v1/clusters/{id}/inventory/stream"),
  route(getTopology, "GET", "/v1/clusters/{id}/topology"),
];
