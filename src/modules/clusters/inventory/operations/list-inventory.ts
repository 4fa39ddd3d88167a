import * as z from "zod";
import { defineOperation } from "../../../../kernel/operation.ts";
import { decodeCursor, encodeCursor, PageQuery, pageOf } from "../../../../kernel/page.ts";
import { mustReachNamespace, reachableNamespaces } from "../../reach.ts";
import {
  Freshness,
  freshnessOf,
  InventoryThing,
  InventoryWord,
  inventoryKinds,
  partsOfKey,
} from "../inventory-query.ts";

export const listInventory = defineOperation({
  action: "clusters.inventory.list",
  effect: "read",
  scope: "clusters:read",
  summary: "List what is known of a cluster, also while it is offline, with the age of that knowledge",
  input: PageQuery.extend({
    id: z.string(),
    kind: InventoryWord.optional(),
    namespace: z.string().max(63).optional(),
  }),
  output: pageOf(InventoryThing).extend({ freshness: Freshness }),
  raises: ["not_found"],
  resource: ({ id }) => `cluster:${id}`,
  async run(ctx, { id, kind, namespace, limit, cursor }) {
    const reached = await reachableNamespaces(ctx, id);
    if (namespace !== undefined) await mustReachNamespace(ctx, id, namespace);
    const within = namespace === undefined ? reached : [namespace];
    const after = decodeCursor(cursor)?.id;
    const known = await ctx.ports.clusters.inventory(ctx.tenantId, id, {
      kinds: kind === undefined ? Object.values(inventoryKinds) : [inventoryKinds[kind]],
      ...(within === undefined ? {} : { namespaces: within }),
      ...(after === undefined ? {} : { after }),
      limit,
    });
    return {
      items: known.items.map(({ key, uid, resourceVersion, summary, seenAt }) => ({
        key,
        ...partsOfKey(key),
        uid,
        resourceVersion,
        summary: { ...summary },
        seenAt: new Date(seenAt).toISOString(),
      })),
      nextCursor: known.next === undefined ? null : encodeCursor({ at: new Date(0), id: known.next }),
      freshness: freshnessOf(known, ctx.now),
    };
  },
});
