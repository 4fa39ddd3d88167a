import * as z from "zod";
import { sha256Hex } from "../../../kernel/hash.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { onlyOnce } from "../../access/index.ts";
import { machineKind, mustTake } from "../machines/find-machine.ts";
import { writeRaises } from "../raises.ts";
import { openNamespace } from "../reach.ts";
import { entityOf } from "../settle.ts";
import { insertTicket } from "../store.ts";
import { NamedField } from "../words.ts";
import { ticketMs } from "./ticket.rules.ts";

const Ticket = z
  .strictObject({
    ticket: z.string(),
    kind: z.enum(["console", "vnc"]),
    /** Open a WebSocket here, with the ticket as it stands in it or as the subprotocol `maru.ticket.<ticket>`. */
    path: z.string(),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: "ConsoleTicket" });

export const createConsoleTicket = defineOperation({
  action: "harvester.console_ticket.create",
  effect: "write",
  scope: "clusters:write",
  summary: "Get a ticket that opens a console of a virtual machine once within a minute, for browsers",
  input: z.strictObject({ ...NamedField, kind: z.enum(["console", "vnc"]).default("console") }),
  output: Ticket,
  raises: writeRaises,
  resource: (at) => entityOf(at, machineKind),
  idempotency: "own",
  async run(ctx, { kind, ...at }) {
    const kube = await openNamespace(ctx, at.id, at.namespace);
    await mustTake(kube, at, kind);
    const holdKey = await onlyOnce(ctx);
    const ticket = [...crypto.getRandomValues(new Uint8Array(24))]
      .map((byte) => byte.toString(16).padStart(2, "0"))
      .join("");
    const expiresAt = new Date(ctx.now.getTime() + ticketMs);
    const row = {
      hash: await sha256Hex(ticket),
      tenantId: ctx.tenantId,
      clusterId: at.id,
      namespace: at.namespace,
      machine: at.name,
      kind,
      actorKind: ctx.actor.kind,
      actorId: ctx.actor.id,
      actorProjects: ctx.actor.projectIds ?? null,
      createdAt: ctx.now,
      expiresAt,
      writeId: ctx.newId("wr"),
    };
    const entity = entityOf(at, machineKind);
    await ctx.write({ entity, after: { kind, expiresAt: expiresAt.toISOString() } }, (q) => [
      ...insertTicket(q, row),
      ...holdKey(q, entity),
    ]);
    const { id, namespace, name } = at;
    const path = `/v1/clusters/${id}/namespaces/${namespace}/virtual-machines/${name}/${kind}?ticket=${ticket}`;
    return { ticket, kind, path, expiresAt: expiresAt.toISOString() };
  },
});
