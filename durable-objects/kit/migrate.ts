import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/**
 * Brings an object's SQLite to the last of `steps`, at once and in the constructor. Each step is one or more SQL
 * statements, applied in one transaction and remembered by hash: a step that was edited after it ran throws. A history
 * longer than `steps` is accepted, since an earlier release may run again after a rollback.
 */
export function migrate(storage: DurableObjectStorage, steps: readonly string[], room = "object"): void {
  const { sql } = storage;
  sql.exec(
    "create table if not exists schema_steps (room text, n integer, hash text not null, primary key (room, n))",
  );
  const applied = sql
    .exec<{ n: number; hash: string }>("select n, hash from schema_steps where room = ? order by n", room)
    .toArray();
  steps.forEach((step, n) => {
    const hash = bytesToHex(sha256(utf8ToBytes(step)));
    const before = applied[n];
    if (before !== undefined) {
      if (before.hash !== hash)
        throw new Error(`step ${n} of the "${room}" schema was rewritten after it ran`);
      return;
    }
    storage.transactionSync(() => {
      sql.exec(step);
      sql.exec("insert into schema_steps (room, n, hash) values (?, ?, ?)", room, n, hash);
    });
  });
}
