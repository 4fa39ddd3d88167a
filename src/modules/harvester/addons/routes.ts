import { type Route, route } from "../../../http/route.ts";
import { disableAddon } from "./operations/disable-addon.ts";
import { enableAddon } from "./operations/enable-addon.ts";
import { getAddon } from "./operations/get-addon.ts";
import { listAddons } from "./operations/list-addons.ts";
import { setAddonValues } from "./operations/set-addon-values.ts";

const one = "/v1/clusters/{id}/namespaces/{namespace}/addons/{name}";

export const addonRoutes: readonly Route[] = [
  route(listAddons, "GET", "/v1/clusters/{id}/addons"),
  route(getAddon, "GET", one),
  route(enableAddon, "POST", `${one}:enable`),
  route(disableAddon, "POST", `${one}:disable`),
  route(setAddonValues, "PUT", `${one}/values`),
];
