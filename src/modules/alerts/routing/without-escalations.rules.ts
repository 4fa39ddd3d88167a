import type { Route, RoutingConfig } from "../../../../contracts/alerts.ts";

/** The same routing, in which nobody is woken: for a hub that doesn't know the policies. */
export function withoutEscalations(config: RoutingConfig): RoutingConfig {
  return { ...config, route: strip(config.route) };
}

function strip({ escalation: _, routes, ...route }: Route): Route {
  return routes === undefined ? route : { ...route, routes: routes.map(strip) };
}
