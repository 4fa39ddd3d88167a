import * as z from "zod";
import { EffectState } from "../../../../../contracts/rule-actions.ts";
import { defineOperation } from "../../../../kernel/operation.ts";
import { problem } from "../../../../kernel/problem.ts";
import { mustChangeWithin } from "../../../../kernel/project-reach.ts";
import { mustFindRule } from "../../find-rule.ts";

export const redriveEffect = defineOperation({
  action: "rules.effect.redrive",
  effect: "write",
  scope: "rules:write",
  summary: "Let a dead effect be tried again under its own key, by which the receiver knows a repeat",
  input: z.strictObject({ id: z.string(), key: z.string().regex(/^[0-9a-f]{64}$/, "The key of an effect.") }),
  output: z.strictObject({ key: z.string(), state: EffectState }),
  raises: ["not_found", "conflict", "forbidden"],
  resource: ({ id }) => `rule:${id}`,
  async run(ctx, { id, key }) {
    const rule = await mustFindRule(ctx, id);
    mustChangeWithin(ctx.actor, rule.projectId);
    const { kind, id: actorId } = ctx.actor;
    const before = await ctx.ports.engine.redrive(ctx.tenantId, rule.id, key, {
      id: ctx.newId("evt"),
      at: ctx.now.getTime(),
      actor: { kind, id: actorId },
      action: ctx.action,
      entity: `rule:${rule.id}`,
      ...(rule.projectId === null ? {} : { projectId: rule.projectId }),
      before: { key, state: "dead" },
      after: { key, state: "pending" },
      requestId: ctx.requestId,
      traceId: ctx.trace.traceId,
      ...(ctx.address === undefined ? {} : { address: ctx.address }),
    });
    if (before === null)
      throw problem("not_found", "rules.effect_unknown", `The rule "${rule.name}" has no effect ${key}.`);
    if (before !== "dead") {
      const detail = `The effect is ${before}; only dead ones are tried again.`;
      throw problem("conflict", "rules.effect_not_dead", detail, { data: { state: before } });
    }
    return { key, state: "pending" as const };
  },
});
