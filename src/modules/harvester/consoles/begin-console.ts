import type { ReadDb } from "../../../db/db.ts";
import type { Actor, Ctx } from "../../../kernel/context.ts";
import { sha256Hex } from "../../../kernel/hash.ts";
import type { ClusterRequest } from "../../../kernel/ports/clusters.ts";
import { AppError } from "../../../kernel/problem.ts";
import { stillMay } from "../../access/index.ts";
import { machineKind, mustTake, orderPath } from "../machines/find-machine.ts";
import { openNamespace } from "../reach.ts";
import { entityOf } from "../settle.ts";
import { findTicket, useTicket } from "../store.ts";
import type { TicketRow } from "../tables.ts";
import { type ConsolePlace, refuseTicket, ticketRefused } from "./ticket.rules.ts";

/** What a ticket stands for: who acts. @throws unauthenticated `harvester.ticket_refused` */
export async function readTicket(
  db: ReadDb,
  text: string,
  place: ConsolePlace,
  now: Date,
): Promise<{ readonly actor: Actor; readonly row: TicketRow }> {
  const row = /^[0-9a-f]{48}$/.test(text) ? await findTicket(db, await sha256Hex(text)) : undefined;
  const refusal = refuseTicket(row, place, now);
  if (refusal || row === undefined) throw refusal ?? ticketRefused();
  const { actorKind: kind, actorId: id, tenantId, actorProjects } = row;
  // Whoever asked for it may have been shut out since.
  if (!(await stillMay(db, tenantId, `${kind}:${id}`, "clusters:write", now))) throw ticketRefused();
  const actor: Actor = {
    kind,
    id,
    tenantId,
    grants: ["clusters:write"],
    ...(actorProjects === null ? {} : { projectIds: actorProjects }),
  };
  return { actor, row };
}

/**
 * Checks that a console may be opened, uses the ticket up and leaves the event; answers the call that the relay is to
 * make. `commandId` is that of the call.
 */
export async function beginConsole(
  ctx: Ctx,
  { kind, ...at }: ConsolePlace,
  { commandId, ticket }: { readonly commandId: string; readonly ticket?: TicketRow | undefined },
): Promise<Omit<ClusterRequest, "clusterId">> {
  const kube = await openNamespace(ctx, at.id, at.namespace);
  await mustTake(kube, at, kind);
  try {
    await ctx.write({ entity: entityOf(at, machineKind), after: { commandId, kind } }, (q) =>
      ticket === undefined ? [] : useTicket(q, ticket),
    );
  } catch (error) {
    if (ticket !== undefined && error instanceof AppError && error.kind === "conflict") throw ticketRefused();
    throw error;
  }
  return {
    operation: ctx.action,
    driver: "kubernetes",
    method: "GET",
    path: orderPath("virtualmachineinstances", at, kind),
  };
}
