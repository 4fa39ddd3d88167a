import { RoutingConfig } from "../../../../contracts/alerts.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { jsonPointer } from "../../../kernel/problem.ts";
import { commandHub } from "../command-hub.ts";
import { checkNames, type NamedAt } from "../entries/check-names.ts";
import { checkTimes, type TimesAt } from "../entries/check-times.ts";

export const putRouting = defineOperation({
  action: "alerts.routing.update",
  effect: "write",
  scope: "alerts:write",
  summary: "Replace how alerts are told; what is wrong is refused with a pointer to each place",
  input: RoutingConfig,
  output: RoutingConfig,
  raises: [],
  async run(ctx, config) {
    checkTimes(timesIn(config));
    await checkNames(ctx, channelsIn(config));
    const before = await ctx.ports.alerts.routing(ctx.tenantId);
    await commandHub(
      ctx,
      { type: "set_config", config },
      { entity: "routing:tenant", before, after: config },
    );
    return config;
  },
});

function timesIn({ timeIntervals, maintenance }: RoutingConfig): TimesAt[] {
  const named = Object.entries(timeIntervals).flatMap(([name, intervals]) =>
    intervals.map(
      (interval, index): TimesAt => ({
        times: { kind: "intervals", intervals: [interval] },
        pointer: jsonPointer(["timeIntervals", name, index]),
      }),
    ),
  );
  return [
    ...named,
    ...maintenance.map(({ times }, index) => ({ times, pointer: `/maintenance/${index}/times` })),
  ];
}

function channelsIn({ receivers }: RoutingConfig): NamedAt[] {
  return receivers.flatMap(({ channels }, receiver) =>
    channels.map(
      ({ channelId }, index): NamedAt => ({
        kind: "channel",
        id: channelId,
        pointer: `/receivers/${receiver}/channels/${index}/channelId`,
      }),
    ),
  );
}
