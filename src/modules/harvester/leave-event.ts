import type { Ctx } from "../../kernel/context.ts";

/** The event of a command that a cluster has carried out, or has in its queue: with the signed command's id. */
export function leaveEvent(
  ctx: Ctx,
  entity: string,
  done: { readonly commandId: string; readonly queued?: boolean },
  change: { readonly before?: unknown; readonly after?: unknown } = {},
): Promise<void> {
  const after = {
    commandId: done.commandId,
    ...(done.queued ? { queued: true } : {}),
    ...(change.after === undefined ? {} : { object: change.after }),
  };
  return ctx.write(
    { entity, ...(change.before === undefined ? {} : { before: change.before }), after },
    () => [],
  );
}
