import type { Route } from "../../http/route.ts";
import { backupRoutes } from "./backups/routes.ts";
import { balancerRoutes } from "./balancers/routes.ts";
import { dashboardRoutes } from "./dashboard/routes.ts";
import { hostRoutes } from "./hosts/routes.ts";
import { imageRoutes } from "./images/routes.ts";
import { keyRoutes } from "./keys/routes.ts";
import { machineRoutes } from "./machines/routes.ts";
import { namespaceRoutes } from "./namespaces/routes.ts";
import { networkRoutes } from "./networks/routes.ts";
import { templateRoutes } from "./templates/routes.ts";
import { volumeRoutes } from "./volumes/routes.ts";

/** Every operation on what is in a cluster. */
export const harvesterRoutes: readonly Route[] = [
  ...dashboardRoutes,
  ...hostRoutes,
  ...machineRoutes,
  ...templateRoutes,
  ...keyRoutes,
  ...volumeRoutes,
  ...imageRoutes,
  ...namespaceRoutes,
  ...networkRoutes,
  ...balancerRoutes,
  ...backupRoutes,
];
