import { type Route, route } from "../../../http/route.ts";
import { listReleases } from "./operations/list-releases.ts";
import { listUpgrades } from "./operations/list-upgrades.ts";

export const releaseRoutes: readonly Route[] = [
  route(listUpgrades, "GET", "/v1/clusters/{id}/upgrades"),
  route(listReleases, "GET", "/v1/clusters/{id}/releases"),
];
