import type { ChannelConfig } from "../../../contracts/channels.ts";
import type { Ctx } from "../../kernel/context.ts";
import { AppError, problem } from "../../kernel/problem.ts";
import { type MessageTemplates, templateProblems } from "./templates/write-message.rules.ts";

/**
 * Refuses a channel whose host must not be reached, or whose templates can't be read.
 * @throws forbidden `channels.host_refused`, invalid_input `channels.templates`
 */
export function checkChannel(ctx: Ctx, config: ChannelConfig, templates: MessageTemplates): void {
  if (config.kind === "webhook") mustReach(ctx, config.url, "/config/url");
  else if ("apiUrl" in config) mustReach(ctx, config.apiUrl, "/config/apiUrl");
  const errors = templateProblems(templates, "/templates");
  if (errors.length > 0)
    throw problem("invalid_input", "channels.templates", errors[0]?.message ?? "", { errors });
}

function mustReach(ctx: Ctx, url: string, pointer: string): void {
  try {
    ctx.ports.egress.mustReach(new URL(url).origin);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { detail } = error.failure;
    throw problem(error.kind, "channels.host_refused", detail, {
      errors: [{ pointer, code: "host_refused", message: detail }],
    });
  }
}
