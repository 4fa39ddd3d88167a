import type { JobCallback } from "../../../contracts/runs.ts";
import type { Ctx } from "../../kernel/context.ts";
import { AppError, type ProblemKind, problem } from "../../kernel/problem.ts";
import { isWebhookSecret } from "../../kernel/webhook-secret.ts";
import { readSecret } from "../secrets/index.ts";

/**
 * Refuses a callback that could never be delivered: an address that this deployment may not reach, or a signing secret
 * that isn't there or can't sign. The secret is read for that, which is recorded as every reading is.
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
  const secret = await readSecret(ctx, secretName).catch((error: unknown) => {
    if (!(error instanceof AppError && error.kind === "not_found")) throw error;
    throw refused("invalid_input", "secretName", `There is no secret "${secretName}".`, error);
  });
  if (isWebhookSecret(secret)) return;
  const shape = `The secret "${secretName}" can't sign: put whsec_ and 24 to 64 bytes in base64.`;
  throw refused("invalid_input", "secretName", shape);
}

function refused(kind: ProblemKind, field: "url" | "secretName", message: string, cause?: unknown): AppError {
  const code = kind === "forbidden" ? "jobs.callback_refused" : "jobs.callback_invalid";
  return problem(kind, code, message, {
    errors: [{ pointer: `/callback/${field}`, code: code.slice("jobs.".length), message }],
    ...(cause === undefined ? {} : { cause }),
  });
}
