import type { Entry, EntryKind } from "../../src/modules/alerts/entries/entry.ts";
import type { EscalationStore } from "../../src/modules/alerts/hub/hub-store.ts";
import type { EscalationRow, HeldRow } from "../../src/modules/alerts/hub/rows.ts";
import { SqlRows } from "./sql-rows.ts";

/** Who is woken, over an object's SQLite. */
export class SqlEscalationStore extends SqlRows implements EscalationStore {
  findEntry<K extends EntryKind>(kind: K, id: string): Entry<K> | undefined {
    return this.body("select body from entries where kind = ? and id = ?", kind, id);
  }
  entries<K extends EntryKind>(kind: K): Entry<K>[] {
    return this.bodies("select body from entries where kind = ? order by id", kind);
  }
  putEntry(entry: Entry): void {
    const insert = "insert or replace into entries (kind, id, body) values (?, ?, ?)";
    this.write(insert, entry.kind, entry.id, JSON.stringify(entry));
  }
  deleteEntry(kind: EntryKind, id: string): void {
    this.write("delete from entries where kind = ? and id = ?", kind, id);
  }

  findEscalation(groupKey: string): EscalationRow | undefined {
    return this.body("select body from escalations where group_key = ?", groupKey);
  }
  escalations(after: string, limit: number): EscalationRow[] {
    const select = "select body from escalations where group_key > ? order by group_key limit ?";
    return this.bodies(select, after, limit);
  }
  putEscalation(row: EscalationRow): void {
    const insert = `insert into escalations (group_key, due, body) values (?, ?, ?)
      on conflict (group_key) do update set due = excluded.due, body = excluded.body`;
    this.write(insert, row.groupKey, row.due, JSON.stringify(row));
  }
  deleteEscalation(groupKey: string): void {
    this.write("delete from escalations where group_key = ?", groupKey);
  }
  dueEscalations(now: number, limit: number): EscalationRow[] {
    const select = "select body from escalations where due <= ? order by due, group_key limit ?";
    return this.bodies(select, now, limit);
  }

  findHeld(userId: string): HeldRow | undefined {
    return this.body("select body from held where user_id = ?", userId);
  }
  putHeld(row: HeldRow): void {
    const insert = `insert into held (user_id, due, body) values (?, ?, ?)
      on conflict (user_id) do update set due = excluded.due, body = excluded.body`;
    this.write(insert, row.userId, row.due, JSON.stringify(row));
  }
  deleteHeld(userId: string): void {
    this.write("delete from held where user_id = ?", userId);
  }
  dueHeld(now: number, limit: number): HeldRow[] {
    return this.bodies("select body from held where due <= ? order by due, user_id limit ?", now, limit);
  }
}
