import { type Route, route } from "../../http/route.ts";
import { listSettings } from "./operations/list-settings.ts";
import { putSetting } from "./operations/put-setting.ts";
import { resetSetting } from "./operations/reset-setting.ts";

export const settingRoutes: readonly Route[] = [
  route(listSettings, "GET", "/v1/settings"),
  route(putSetting, "PUT", "/v1/settings/{key}"),
  route(resetSetting, "DELETE", "/v1/settings/{key}"),
];
