import type { Ctx } from "../../kernel/context.ts";
import { type ActionPayload, followAction } from "./actions/follow-action.ts";
import type { Done } from "./kube/kube.ts";
import type { KubeObject } from "./kube/object.ts";
import { leaveEvent } from "./leave-event.ts";

/** Leaves the event of a write that made or changed an object, and answers it; `before` is how it looked. */
export async function settle<Shape>(
  ctx: Ctx,
  entity: string,
  done: Done,
  read: (object: KubeObject) => Shape,
  before?: Shape,
): Promise<{ commandId: string; queued: boolean; object: Shape | null }> {
  const object = done.object === undefined ? null : read(done.object);
  await leaveEvent(ctx, entity, done, {
    ...(before === undefined ? {} : { before }),
    ...(object === null ? {} : { after: object }),
  });
  return { commandId: done.commandId, queued: done.queued, object };
}

/** The same for something long that the write has begun: a job follows `target`, unless the command waits in the queue. */
export async function settleFollowed<Shape>(
  ctx: Ctx,
  entity: string,
  done: Done,
  read: (object: KubeObject) => Shape,
  target: Omit<ActionPayload, "commandId">,
  before?: Shape,
): Promise<{ commandId: string; queued: boolean; object: Shape | null; jobId?: string }> {
  if (done.queued) return settle(ctx, entity, done, read, before);
  const { id: jobId } = await followAction(ctx, { ...target, commandId: done.commandId });
  return { ...(await settle(ctx, entity, done, read, before)), jobId };
}

/** The same for a write that leaves no object: a deletion, or an action that answers nothing. */
export async function settleBare(
  ctx: Ctx,
  entity: string,
  done: Pick<Done, "commandId" | "queued">,
  change: { readonly before?: unknown; readonly after?: unknown } = {},
): Promise<{ commandId: string; queued: boolean }> {
  await leaveEvent(ctx, entity, done, change);
  return { commandId: done.commandId, queued: done.queued };
}

/** `cluster:<id>/<kind>/<ns>/<name>`: what events about an object of a cluster are about. */
export function entityOf(
  at: { readonly id: string; readonly namespace?: string | undefined; readonly name?: string | undefined },
  kind: string,
  name: string | undefined = at.name,
): string {
  const parts = [kind, at.namespace, name].filter((part) => part !== undefined && part !== "");
  return `cluster:${at.id}/${parts.join("/")}`;
}
