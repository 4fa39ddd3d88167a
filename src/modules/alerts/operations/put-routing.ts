import { RoutingConfig } from "../../../../contracts/alerts.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { commandHub } from "../command-hub.ts";

export const putRouting = defineOperation({
  action: "alerts.routing.update",
  effect: "write",
  scope: "alerts:write",
  summary: "Replace how alerts are told; what is wrong is refused with a pointer to each place",
  input: RoutingConfig,
  output: RoutingConfig,
  raises: [],
  async run(ctx, config) {
    const before = await ctx.ports.alerts.routing(ctx.tenantId);
    await commandHub(
      ctx,
      { type: "set_config", config },
      { entity: "routing:tenant", before, after: config },
    );
    return config;
  },
});
