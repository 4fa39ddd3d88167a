import type { ChannelConfig } from "../../../contracts/channels.ts";
import type { Ctx } from "../../kernel/context.ts";
import { problem } from "../../kernel/problem.ts";
import { type MessageTemplates, templateProblems } from "./templates/write-message.rules.ts";

/**
 * Refuses a channel whose host must not be reached, or whose templates can't be read.
 * @throws forbidden `llm.host_refused`, invalid_input `channels.templates`
 */
export function checkChannel(ctx: Ctx, config: ChannelConfig, templates: MessageTemplates): void {
  const url = config.kind === "webhook" ? config.url : "apiUrl" in config ? config.apiUrl : undefined;
  if (url !== undefined) ctx.ports.egress.mustReach(new URL(url).origin);
  const errors = templateProblems(templates, "/templates");
  if (errors.length > 0)
    throw problem("invalid_input", "channels.templates", errors[0]?.message ?? "", { errors });
}
