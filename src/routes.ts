import type { Route } from "./http/route.ts";
import { accessRoutes } from "./modules/access/routes.ts";

/** Every route of the product: what the app serves, OpenAPI describes and the guard suite checks. */
export const routes: readonly Route[] = [...accessRoutes];
