import { type Route, route } from "../../http/route.ts";
import { getSloRules } from "./operations/get-slo-rules.ts";
import { listSlos } from "./operations/list-slos.ts";

export const observabilityRoutes: readonly Route[] = [
  route(listSlos, "GET", "/v1/slo"),
  route(getSloRules, "GET", "/v1/slo/rules"),
];
