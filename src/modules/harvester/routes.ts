import type { Route } from "../../http/route.ts";
import { addonRoutes } from "./addons/routes.ts";
import { backupRoutes } from "./backups/routes.ts";
import { balancerRoutes } from "./balancers/routes.ts";
import { dashboardRoutes } from "./dashboard/routes.ts";
import { hostRoutes } from "./hosts/routes.ts";
import { imageRoutes } from "./images/routes.ts";
import { keyRoutes } from "./keys/routes.ts";
import { loggingRoutes } from "./logging/routes.ts";
import { machineRoutes } from "./machines/routes.ts";
import { monitoringRoutes } from "./monitoring/routes.ts";
import { namespaceRoutes } from "./namespaces/routes.ts";
import { networkRoutes } from "./networks/routes.ts";
import { releaseRoutes } from "./releases/routes.ts";
import { settingRoutes } from "./settings/routes.ts";
import { storageClassRoutes } from "./storage-classes/routes.ts";
import { supportRoutes } from "./support/routes.ts";
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
  ...supportRoutes,
  ...storageClassRoutes,
  ...settingRoutes,
  ...releaseRoutes,
  ...monitoringRoutes,
  ...loggingRoutes,
  ...addonRoutes,
];
