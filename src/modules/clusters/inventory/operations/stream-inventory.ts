import * as z from "zod";
import type { Ctx } from "../../../../kernel/context.ts";
import { eventStream, StreamQuery } from "../../../../kernel/event-stream.ts";
import { defineOperation, type StreamBody } from "../../../../kernel/operation.ts";
import { problem } from "../../../../kernel/problem.ts";
import type { InventoryStep } from "../../port.ts";
import { mustReachNamespace, reachableNamespaces } from "../../reach.ts";
import { InventoryWord, inventoryKinds, partsOfKey } from "../inventory-query.ts";

function eventOf({ seq, at, key, uid, resourceVersion, before, after }: InventoryStep) {
  const type = after === undefined ? "removed" : before === undefined ? "added" : "changed";
  const data = {
    key,
    ...partsOfKey(key),
    uid,
    resourceVersion,
    at: new Date(at).toISOString(),
    before: before ?? null,
    after: after ?? null,
  };
  return { id: seq, type, data };
}

/** @throws gone `clusters.changes_expired` when changes after this one are not kept any more */
async function mustBeKept(ctx: Ctx, id: string, after: number): Promise<void> {
  const { oldest } = await ctx.ports.relays.changes(ctx.tenantId, id, after, 0);
  if (after >= oldest - 1) return;
  const detail = `Changes are kept from number ${oldest} on. List the inventory again and follow it from now on.`;
  throw problem("gone", "clusters.changes_expired", detail);
}

export const streamInventory = defineOperation({
  action: "clusters.inventory.stream",
  effect: "read",
  scope: "clusters:read",
  summary:
    "Follow the changes in a cluster live as server-sent events, from now on or after `Last-Event-ID` or `after`",
  input: StreamQuery.extend({
    id: z.string(),
    kind: InventoryWord.optional(),
    namespace: z.string().max(63).optional(),
  }),
  output: z.custom<StreamBody>(),
  gives: ["text/event-stream"],
  raises: ["not_found", "gone"],
  resource: ({ id }) => `cluster:${id}`,
  async run(ctx, { id, kind, namespace, ...query }) {
    const reached = await reachableNamespaces(ctx, id);
    if (namespace !== undefined) await mustReachNamespace(ctx, id, namespace);
    const namespaces = namespace === undefined ? reached : [namespace];
    const prefix = kind === undefined ? "" : `${inventoryKinds[kind]}/`;
    const since = query.after ?? ctx.lastEventId;
    if (since !== undefined) await mustBeKept(ctx, id, since);
    return eventStream(ctx, query, async (after, waitMs) => {
      const page = await ctx.ports.relays.changes(ctx.tenantId, id, after, waitMs);
      const passed = page.steps.filter(
        ({ key }) =>
          key.startsWith(prefix) &&
          (namespaces === undefined || namespaces.includes(partsOfKey(key).namespace ?? "")),
      );
      return { events: passed.map(eventOf), seen: page.head };
    });
  },
});
