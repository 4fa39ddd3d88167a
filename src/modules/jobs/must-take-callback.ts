import type { JobCallback } from "../../../contracts/runs.ts";
import type { Ctx } from "../../kernel/context.ts";
import { AppError, type ProblemKind, problem } from "../../kernel/problem.ts";
import { mustFindSecret } from "../secrets/index.ts";

/**
 * Refuses a callback that could never be delivered: an address that this deployment may not reach, or a signing secret
 * that isn't there. The secret's value is read only when the webhook is sent.
 * @throws invalid_input `jobs.callback_invalid`, forbidden `jobs.callback_refused`
 */
export async function mustTakeCallback(ctx: Ctx, callback: JobCallback): Promise<void> {
  const url = new URL(callback.url);
  if (url.username !== "" || url.password !== "" || url.hash !== "") {
    throw refused("invalid_input", "url", "The URL must not carry credentials or a fragment.");
  }
  try {
    ctx.ports.egress.mustReach(url.origin);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw refused("forbidden", "url", error.failure.detail, error);
  }
  const { secretName } = callback;
  if (secretName === undefined) return;
  await mustFindSecret(ctx, secretName).catch((error: unknown) => {
    if (!(error instanceof AppError && error.kind === "not_found")) throw error;
    throw refused("invalid_input", "secretName", `There is no secret "${secretName}".`, error);
  });
}

function refused(kind: ProblemKind, field: "url" | "secretName", message: string, cause?: unknown): AppError {
  const code = kind === "forbidden" ? "jobs.callback_refused" : "jobs.callback_invalid";
  return problem(kind, code, message, {
    errors: [{ pointer: `/callback/${field}`, code: code.slice("jobs.".length), message }],
    ...(cause === undefined ? {} : { cause }),
  });
}
