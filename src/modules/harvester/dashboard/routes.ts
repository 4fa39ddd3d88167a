import { type Route, route } from "../../../http/route.ts";
import { getConformance } from "../conformance/get-conformance.ts";
import { getDashboard } from "./get-dashboard.ts";

export const dashboardRoutes: readonly Route[] = [
  route(getDashboard, "GET", "/v1/clusters/{id}/dashboard"),
  route(getConformance, "GET", "/v1/clusters/{id}/conformance"),
];
