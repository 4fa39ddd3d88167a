import { type Route, route } from "../../http/route.ts";
import { getPolicy } from "./operations/get-policy.ts";
import { putPolicy } from "./operations/put-policy.ts";

export const policyRoutes: readonly Route[] = [
  route(getPolicy, "GET", "/v1/policy"),
  route(putPolicy, "PUT", "/v1/policy"),
];
