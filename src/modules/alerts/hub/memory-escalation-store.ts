import type { Entry, EntryKind } from "../entries/entry.ts";
import type { EscalationStore } from "./hub-store.ts";
import { RowTable } from "./row-table.ts";
import type { EscalationRow, HeldRow } from "./rows.ts";

interface EntryRow {
  readonly due: null;
  readonly entry: Entry;
}

/** Who is woken, in memory. */
export class MemoryEscalationStore implements EscalationStore {
  protected entryRows = new RowTable<EntryRow>();
  protected escalationRows = new RowTable<EscalationRow>();
  protected heldRows = new RowTable<HeldRow>();

  findEntry<K extends EntryKind>(kind: K, id: string): Entry<K> | undefined {
    return this.entryRows.get(`${kind}:${id}`)?.entry as Entry<K> | undefined;
  }
  entries<K extends EntryKind>(kind: K): Entry<K>[] {
    const rows = this.entryRows.after("", Number.POSITIVE_INFINITY);
    return rows.flatMap(({ entry }) => (entry.kind === kind ? [entry as Entry<K>] : []));
  }
  putEntry(entry: Entry): void {
    this.entryRows.put(`${entry.kind}:${entry.id}`, { due: null, entry });
  }
  deleteEntry(kind: EntryKind, id: string): void {
    this.entryRows.delete(`${kind}:${id}`);
  }

  findEscalation(groupKey: string): EscalationRow | undefined {
    return this.escalationRows.get(groupKey);
  }
  escalations(after: string, limit: number): EscalationRow[] {
    return this.escalationRows.after(after, limit);
  }
  putEscalation(row: EscalationRow): void {
    this.escalationRows.put(row.groupKey, row);
  }
  deleteEscalation(groupKey: string): void {
    this.escalationRows.delete(groupKey);
  }
  dueEscalations(now: number, limit: number): EscalationRow[] {
    return this.escalationRows.dueAt(now, limit);
  }

  findHeld(userId: string): HeldRow | undefined {
    return this.heldRows.get(userId);
  }
  putHeld(row: HeldRow): void {
    this.heldRows.put(row.userId, row);
  }
  deleteHeld(userId: string): void {
    this.heldRows.delete(userId);
  }
  dueHeld(now: number, limit: number): HeldRow[] {
    return this.heldRows.dueAt(now, limit);
  }
}
