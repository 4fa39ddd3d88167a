import type { RoutingConfig } from "../../../../contracts/alerts.ts";
import type { BacktestReport, DraftEvent } from "../../../../contracts/backtest.ts";
import type { RuleDefinition } from "../../../../contracts/rules.ts";
import type { Ctx } from "../../../kernel/context.ts";
import { mustCompile } from "../must-compile.ts";
import type { RuleRow } from "../tables.ts";
import { replayedEvents } from "./replayed-events.ts";
import { type Candidate, runBacktest } from "./run-backtest.ts";

interface Defined {
  readonly version: number | null;
  readonly definition: RuleDefinition;
}

interface Asked {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly sourceIds?: readonly string[] | undefined;
  readonly events?: readonly DraftEvent[] | undefined;
  readonly routing?: RoutingConfig | undefined;
  readonly maxEvents: number;
}

/** Tries a version or a definition of a rule, beside the live version where there is one. */
export async function backtestVersions(
  ctx: Ctx,
  rule: Pick<RuleRow, "id" | "lineage">,
  tried: Defined,
  live: Defined | null,
  asked: Asked,
): Promise<BacktestReport> {
  const compiled = ({ version, definition }: Defined): Candidate => ({
    version,
    rule: mustCompile(definition, { tenantId: ctx.tenantId, lineage: rule.lineage }),
  });
  const candidate = compiled(tried);
  const definitions = [tried.definition, ...(live === null ? [] : [live.definition])];
  const span = replayedEvents(ctx, rule.id, asked, definitions);
  return runBacktest({
    ruleId: rule.id,
    candidate,
    live: live === null ? null : compiled(live),
    ...span,
    routing: asked.routing ?? (await ctx.ports.alerts.routing(ctx.tenantId)),
    maxEvents: asked.maxEvents,
  });
}
