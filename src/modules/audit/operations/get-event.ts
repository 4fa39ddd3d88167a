import * as z from "zod";
import { defineOperation } from "../../../kernel/operation.ts";
import { problem } from "../../../kernel/problem.ts";
import { AuditEvent } from "../schemas.ts";
import { findEvent } from "../store.ts";
import { toEvent } from "../to-event.ts";

export const getEvent = defineOperation({
  action: "audit.event.get",
  effect: "read",
  scope: "audit:read",
  summary: "Get one event",
  input: z.strictObject({ id: z.string().max(100) }),
  output: AuditEvent,
  raises: ["not_found"],
  resource: ({ id }) => `event:${id}`,
  async run(ctx, { id }) {
    const row = await findEvent(ctx.db, ctx.tenantId, id);
    const { projectIds } = ctx.actor;
    if (row === undefined || (projectIds && !projectIds.includes(row.projectId ?? ""))) {
      throw problem("not_found", "audit.unknown_event", `There is no event ${id}.`);
    }
    return toEvent(row);
  },
});
