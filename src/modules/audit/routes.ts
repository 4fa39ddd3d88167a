import { type Route, route } from "../../http/route.ts";
import { exportEvents } from "./operations/export-events.ts";
import { getEvent } from "./operations/get-event.ts";
import { listEvents } from "./operations/list-events.ts";
import { verifyChain } from "./operations/verify-chain.ts";

export const auditRoutes: readonly Route[] = [
  route(listEvents, "GET", "/v1/audit/events"),
  route(exportEvents, "GET", "/v1/audit/events:export"),
  route(getEvent, "GET", "/v1/audit/events/{id}"),
  route(verifyChain, "POST", "/v1/audit:verify"),
];
