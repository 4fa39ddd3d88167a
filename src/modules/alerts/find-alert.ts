import type { Ctx } from "../../kernel/context.ts";
import { problem } from "../../kernel/problem.ts";
import type { AlertView } from "./views.ts";

/** @throws not_found `alerts.unknown` */
export async function mustFindAlert(ctx: Ctx, fingerprint: string): Promise<AlertView> {
  const found = await ctx.ports.alerts.find(ctx.tenantId, fingerprint);
  if (found !== null) return found;
  throw problem("not_found", "alerts.unknown", `There is no alert ${fingerprint}.`);
}
