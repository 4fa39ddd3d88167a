import * as z from "zod";
import type { Ctx } from "../../../../kernel/context.ts";
import { defineOperation, type StreamBody } from "../../../../kernel/operation.ts";
import type { InventoryStep } from "../../port.ts";
import { reachableNamespaces } from "../../reach.ts";
import { InventoryWord, inventoryKinds, partsOfKey } from "../inventory-query.ts";

const waitMs = 10_000;

interface Wanted {
  readonly clusterId: string;
  readonly kind: string | undefined;
  readonly namespaces: readonly string[] | undefined;
}

/** Server-sent events (html.spec.whatwg.org, 9.2): `id` is the number of the change, so a reader resumes after it. */
function changeStream(ctx: Ctx, wanted: Wanted, after: number): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let seq = after;
  let opened = false;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (!opened) {
        opened = true;
        controller.enqueue(encoder.encode("retry: 1000\n\n"));
        return;
      }
      if (ctx.signal?.aborted) {
        controller.close();
        return;
      }
      const { steps, head } = await ctx.ports.relays.changes(ctx.tenantId, wanted.clusterId, seq, waitMs);
      seq = head;
      const text = steps.filter((step) => isWanted(step, wanted)).map(eventText);
      controller.enqueue(encoder.encode(text.length > 0 ? text.join("") : ": waiting\n\n"));
    },
  });
}

function isWanted({ key }: InventoryStep, { kind, namespaces }: Wanted): boolean {
  if (kind !== undefined && !key.startsWith(`${kind}/`)) return false;
  return namespaces === undefined || namespaces.includes(partsOfKey(key).namespace ?? "");
}

function eventText({ seq, at, key, uid, resourceVersion, before, after }: InventoryStep): string {
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
  return `id: ${seq}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}

export const streamInventory = defineOperation({
  action: "clusters.inventory.stream",
  effect: "read",
  scope: "clusters:read",
  summary:
    "Follow the changes in a cluster live as server-sent events; resumes after `Last-Event-ID` or `after`",
  input: z.strictObject({
    id: z.string(),
    kind: InventoryWord.optional(),
    namespace: z.string().max(63).optional(),
    after: z.coerce.number().int().min(0).optional(),
  }),
  output: z.custom<StreamBody>(),
  gives: ["text/event-stream"],
  raises: ["not_found"],
  resource: ({ id }) => `cluster:${id}`,
  async run(ctx, { id, kind, namespace, after }) {
    const reached = await reachableNamespaces(ctx, id);
    const namespaces =
      namespace === undefined
        ? reached
        : [namespace].filter((name) => reached === undefined || reached.includes(name));
    const from =
      after ??
      ctx.lastEventId ??
      (await ctx.ports.relays.changes(ctx.tenantId, id, Number.MAX_SAFE_INTEGER, 0)).head;
    const wanted = { clusterId: id, kind: kind === undefined ? undefined : inventoryKinds[kind], namespaces };
    return { stream: changeStream(ctx, wanted, from), contentType: "text/event-stream; charset=utf-8" };
  },
});
