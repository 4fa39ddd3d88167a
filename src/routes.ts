import type { Route } from "./http/route.ts";
import { accessRoutes } from "./modules/access/routes.ts";
import { alertRoutes } from "./modules/alerts/routes.ts";
import { auditRoutes } from "./modules/audit/routes.ts";
import { channelRoutes } from "./modules/channels/routes.ts";
import { inventoryRoutes } from "./modules/clusters/inventory/routes.ts";
import { clusterRoutes } from "./modules/clusters/routes.ts";
import { datasetRoutes } from "./modules/datasets/routes.ts";
import { evaluationRoutes } from "./modules/evaluation/routes.ts";
import { harvesterRoutes } from "./modules/harvester/routes.ts";
import { jobRoutes } from "./modules/jobs/routes.ts";
import { observabilityRoutes } from "./modules/observability/routes.ts";
import { policyRoutes } from "./modules/policy/routes.ts";
import { profileRoutes } from "./modules/profiles/routes.ts";
import { promptRoutes } from "./modules/prompts/routes.ts";
import { ruleRoutes } from "./modules/rules/routes.ts";
import { scheduleRoutes } from "./modules/schedules/routes.ts";
import { secretRoutes } from "./modules/secrets/routes.ts";
import { settingRoutes } from "./modules/settings/routes.ts";
import { sourceRoutes } from "./modules/sources/routes.ts";

/** Every route of the product: what the app serves, OpenAPI describes and the guard suite checks. */
export const routes: readonly Route[] = [
  ...accessRoutes,
  ...secretRoutes,
  ...policyRoutes,
  ...settingRoutes,
  ...profileRoutes,
  ...promptRoutes,
  ...datasetRoutes,
  ...evaluationRoutes,
  ...jobRoutes,
  ...sourceRoutes,
  ...ruleRoutes,
  ...alertRoutes,
  ...channelRoutes,
  ...scheduleRoutes,
  ...harvesterRoutes,
  ...clusterRoutes,
  ...inventoryRoutes,
  ...auditRoutes,
  ...observabilityRoutes,
];
