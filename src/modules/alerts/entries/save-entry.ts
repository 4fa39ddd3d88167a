import { actorName } from "../../../kernel/actor-name.ts";
import type { Ctx } from "../../../kernel/context.ts";
import { problem } from "../../../kernel/problem.ts";
import { commandHub } from "../command-hub.ts";
import type { PutEntry } from "../hub/commands.ts";
import { type Entry, type EntryBodies, type EntryKind, entryNames } from "./entry.ts";

/** How events name an entry: `on_call_schedule:ocs_1`. */
export const entityOf = (kind: EntryKind, id: string): string =>
  `${entryNames[kind].replaceAll(/[ -]/g, "_")}:${id}`;

/** @throws not_found `alerts.unknown_entry` */
export async function mustFindEntry<K extends EntryKind>(ctx: Ctx, kind: K, id: string): Promise<Entry<K>> {
  const found = await ctx.ports.alerts.entry(ctx.tenantId, kind, id);
  if (found !== null) return found;
  throw problem("not_found", "alerts.unknown_entry", `There is no ${entryNames[kind]} ${id}.`);
}

/** Writes an entry down in the tenant's alert object, with its event; the caller's version must be the one that stands. */
export async function saveEntry<K extends EntryKind>(
  ctx: Ctx,
  kind: K,
  id: string,
  body: EntryBodies[K],
  before: Entry<K> | null,
  expected = ctx.expectedVersion,
): Promise<Entry<K>> {
  const command = {
    type: "put_entry",
    kind,
    id,
    body,
    mode: before === null ? "any" : "known",
    by: actorName(ctx.actor),
    ...(expected === undefined ? {} : { expected }),
  } as unknown as PutEntry;
  const change = { entity: entityOf(kind, id), after: { id, ...body } };
  const told = before === null ? change : { ...change, before: { id, ...before.body } };
  const { entry } = await commandHub(ctx, command, told);
  return entry as Entry<K>;
}

/** Deletes an entry that nothing names, with its event. */
export async function deleteEntry<K extends EntryKind>(ctx: Ctx, kind: K, id: string): Promise<Entry<K>> {
  const before = await mustFindEntry(ctx, kind, id);
  const { expectedVersion } = ctx;
  await commandHub(
    ctx,
    {
      type: "delete_entry",
      kind,
      id,
      ...(expectedVersion === undefined ? {} : { expected: expectedVersion }),
    },
    { entity: entityOf(kind, id), before: { id, ...before.body } },
  );
  return before;
}
