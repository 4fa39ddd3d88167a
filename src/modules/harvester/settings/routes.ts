import { type Route, route } from "../../../http/route.ts";
import { getSetting } from "./operations/get-setting.ts";
import { listSettings } from "./operations/list-settings.ts";
import { resetSetting } from "./operations/reset-setting.ts";
import { setSetting } from "./operations/set-setting.ts";

const all = "/v1/clusters/{id}/settings";

export const settingRoutes: readonly Route[] = [
  route(listSettings, "GET", all),
  route(getSetting, "GET", `${all}/{name}`),
  route(setSetting, "PUT", `${all}/{name}`),
  route(resetSetting, "POST", `${all}/{name}:reset`),
];
