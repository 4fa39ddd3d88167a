import { and, eq } from "drizzle-orm";
import type { Actor, Change, OutboxMessage } from "../kernel/context.ts";
import { sha256Json } from "../kernel/hash.ts";
import { newId } from "../kernel/ids.ts";
import { problem } from "../kernel/problem.ts";
import { type Db, LostRace, type Statement, UniqueViolation, type WriteDb } from "./db.ts";
import { ledgerTables } from "./ledger-tables.ts";

export interface WriteFacts {
  readonly tenantId: string;
  readonly actor: Pick<Actor, "kind" | "id">;
  readonly action: string;
  readonly requestId: string;
  readonly traceId: string;
  readonly address?: string;
  readonly now: Date;
}

/** Who writes, and the claim of the idempotency key that the write settles. */
export interface WriteCall extends WriteFacts {
  readonly claimId?: string;
}

/** An event before it has its place in the chain. */
export interface EventFacts extends WriteFacts, Change {
  readonly id: string;
}

/** The hash of what an event says; `chainHash` later binds it to its predecessor. */
export function eventDigest(event: Omit<EventFacts, "now"> & { readonly now: Date }): Promise<string> {
  return sha256Json({
    id: event.id,
    tenantId: event.tenantId,
    projectId: event.projectId ?? null,
    at: event.now.toISOString(),
    actorKind: event.actor.kind,
    actorId: event.actor.id,
    action: event.action,
    resource: event.entity,
    before: event.before ?? null,
    after: event.after ?? null,
    address: event.address ?? null,
    requestId: event.requestId,
    traceId: event.traceId,
  });
}

/** JSON as both databases can hold it: PostgreSQL takes no NUL character. */
function plain(value: unknown): unknown {
  if (value === undefined) return null;
  const text = JSON.stringify(value);
  if (!text.includes("\\u0000")) return JSON.parse(text);
  return JSON.parse(text, (_, member) =>
    typeof member === "string" ? member.replaceAll("\0", "\ufffd") : member,
  );
}

/** The row of an event, ready to insert. */
export async function eventRow(facts: EventFacts) {
  const event = { ...facts, before: plain(facts.before), after: plain(facts.after) };
  return {
    id: event.id,
    tenantId: event.tenantId,
    projectId: event.projectId ?? null,
    at: event.now,
    actorKind: event.actor.kind,
    actorId: event.actor.id,
    action: event.action,
    resource: event.entity,
    before: event.before,
    after: event.after,
    address: event.address ?? null,
    requestId: event.requestId,
    traceId: event.traceId,
    digest: await eventDigest(event),
  };
}

/** Stores a change with its event and its outbox messages, all or none. */
export async function writeWithEvent(
  db: Db,
  { claimId, ...facts }: WriteCall,
  change: Change,
  build: (q: WriteDb) => readonly Statement[],
  outbox: readonly OutboxMessage[] = [],
): Promise<void> {
  const { events, outbox: messages } = ledgerTables.of(db);
  const row = await eventRow({ ...facts, ...change, id: newId("evt", facts.now) });
  try {
    await db.atomic((q) => [
      ...build(q),
      q.insert(events).values(row),
      ...outbox.map((message) =>
        q.insert(messages).values({
          id: newId("out", facts.now),
          tenantId: facts.tenantId,
          topic: message.topic,
          payload: plain(message.payload),
          availableAt: message.availableAt ?? facts.now,
        }),
      ),
      ...(claimId === undefined ? [] : [markApplied(q, facts.tenantId, claimId, change.entity)]),
    ]);
  } catch (error) {
    if (error instanceof LostRace) {
      throw problem(
        "conflict",
        "write.lost_race",
        "Somebody else changed this at the same time. Read it again and retry.",
        { cause: error },
      );
    }
    if (error instanceof UniqueViolation) {
      throw problem("conflict", "write.exists", `There is already one like it: ${change.entity}.`, {
        cause: error,
      });
    }
    throw error;
  }
}

function markApplied(q: WriteDb, tenantId: string, claimId: string, entity: string): Statement {
  const { idempotency } = ledgerTables.of(q);
  return q
    .update(idempotency)
    .set({ appliedTo: entity })
    .where(and(eq(idempotency.tenantId, tenantId), eq(idempotency.claimId, claimId)));
}

/** Stores events of changes that were made elsewhere, in an object; storing one again changes nothing. */
export async function recordEvents(db: Db, facts: readonly EventFacts[]): Promise<void> {
  const { events } = ledgerTables.of(db);
  const rows = await Promise.all(facts.map(eventRow));
  await db.atomic((q) => rows.map((row) => q.insert(events).values(row).onConflictDoNothing()));
}
