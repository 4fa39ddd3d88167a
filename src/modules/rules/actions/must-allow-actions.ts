import type { HttpSettings } from "../../../../contracts/rule-actions.ts";
import type { RuleDefinition } from "../../../../contracts/rules.ts";
import type { Ctx } from "../../../kernel/context.ts";
import { AppError, problem } from "../../../kernel/problem.ts";
import { covers } from "../../../kernel/scopes.ts";
import { mustFindSecret } from "../../secrets/index.ts";

/**
 * Refuses actions that could never be done, or that their author could not do: a host that may not be reached, a secret
 * that isn't there, a job from somebody who may not submit any. Secrets are read only when an effect is sent.
 * @throws forbidden `rules.action_refused`, invalid_input `rules.action_invalid`
 */
export async function mustAllowActions(ctx: Ctx, { actions }: RuleDefinition): Promise<void> {
  for (const [i, action] of actions.entries()) {
    const at = `/definition/actions/${i}`;
    if (action.kind === "http") await mustReach(ctx, action.settings, `${at}/settings`);
    if (action.kind === "job" && !covers(ctx.actor.grants, "runs:write"))
      throw refused("forbidden", `${at}/kind`, 'A rule that submits jobs needs an author with "runs:write".');
  }
}

async function mustReach(ctx: Ctx, { url, secretName }: HttpSettings, at: string): Promise<void> {
  try {
    // Compiling has made sure that no template stands before the path.
    ctx.ports.egress.mustReach(new URL(url.replace(/\{\{.*$/s, "")).origin);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw refused("forbidden", `${at}/url`, error.failure.detail);
  }
  if (secretName === undefined) return;
  await mustFindSecret(ctx, secretName).catch((error: unknown) => {
    if (!(error instanceof AppError && error.kind === "not_found")) throw error;
    const detail = `There is no secret "${secretName}"; PUT /v1/secrets/${secretName} makes it.`;
    throw refused("invalid_input", `${at}/secretName`, detail);
  });
}

function refused(kind: "forbidden" | "invalid_input", pointer: string, message: string): AppError {
  const reason = kind === "forbidden" ? "action_refused" : "action_invalid";
  return problem(kind, `rules.${reason}`, message, { errors: [{ pointer, code: reason, message }] });
}
