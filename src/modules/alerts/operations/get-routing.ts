import * as z from "zod";
import { RoutingConfig } from "../../../../contracts/alerts.ts";
import { defineOperation } from "../../../kernel/operation.ts";

export const getRouting = defineOperation({
  action: "alerts.routing.get",
  effect: "read",
  scope: "alerts:read",
  summary: "Read how alerts are told: routes, receivers, inhibitions, maintenance and time intervals",
  input: z.strictObject({}),
  output: RoutingConfig,
  raises: [],
  run: (ctx) => ctx.ports.alerts.routing(ctx.tenantId),
});
