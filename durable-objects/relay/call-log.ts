import { createHash } from "node:crypto";
import { canonicalJson } from "../../src/kernel/json.ts";
import type { LogCheck, LoggedCall } from "../../src/modules/clusters/index.ts";
import { type Sql, SqlRows } from "../alerts/sql-rows.ts";

export type CallEntry = Omit<LoggedCall, "seq">;

interface EntryRow extends Record<string, string | number | null> {
  readonly seq: number;
  readonly entry: string;
  readonly hash: string;
}

const noHash = "0".repeat(64);
const keptEntries = 100_000;
const keptMs = 90 * 86_400_000;
const batchMs = 250;

/**
 * What was asked of a cluster, by whom, and what came of it: entries that are only ever added, each bound to the one
 * before it by SHA-256. The last entry of a command is what is known of it. Of writes the intent stands here before it is
 * sent; readings are added in batches.
 */
export class CallLog extends SqlRows {
  #head: { seq: number; hash: string } | undefined;
  #waiting: CallEntry[] = [];
  readonly #later: (work: () => void, ms: number) => void;

  constructor(sql: Sql, later: (work: () => void, ms: number) => void) {
    super(sql);
    this.#later = later;
  }

  /** Adds an entry now; what is sent afterwards leaves the object only once this is stored. */
  append(entry: CallEntry): void {
    this.flush();
    this.#write(entry);
  }

  /** Adds an entry with others, within a quarter of a second. */
  appendSoon(entry: CallEntry): void {
    this.#waiting.push(entry);
    if (this.#waiting.length === 1) this.#later(() => this.flush(), batchMs);
  }

  flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const entry of waiting) this.#write(entry);
  }

  /** What is known of the latest commands, or of one. */
  list(before: number, limit: number, commandId?: string): LoggedCall[] {
    this.flush();
    const own = commandId === undefined ? "" : "and command_id = ?";
    const rows = this.all<EntryRow>(
      `select seq, entry, hash from calls c where seq < ? ${own} and not exists
         (select 1 from calls d where d.command_id = c.command_id and d.seq > c.seq)
       order by seq desc limit ?`,
      before,
      ...(commandId === undefined ? [] : [commandId]),
      limit,
    );
    return rows.map(({ seq, entry }) => ({ seq, ...(JSON.parse(entry) as CallEntry) }));
  }

  /** What is known of a command. */
  find(commandId: string): CallEntry | undefined {
    this.flush();
    const select = "select entry as body from calls where command_id = ? order by seq desc limit 1";
    return this.body<CallEntry>(select, commandId);
  }

  /** The last entry's number and hash; number 0 before the first. */
  head(): { readonly seq: number; readonly hash: string } {
    this.flush();
    return this.#last();
  }

  /** Whether an entry stands as it did when its hash was noted elsewhere; one that is too old to be kept is not asked for. */
  holds({ seq, hash }: { readonly seq: number; readonly hash: string }): boolean {
    this.flush();
    const rows = this.all<{ seq: number; hash: string }>(
      "select seq, hash from calls where seq >= ? order by seq limit 1",
      seq,
    );
    const [row] = rows;
    if (row === undefined) return false;
    return row.seq === seq ? row.hash === hash : row.seq === this.#oldest();
  }

  /** Computes every hash again, and looks for the heads that were sealed: `brokenSeal` is the number of the first that is gone. */
  verify(seals: readonly { readonly seq: number; readonly hash: string }[] = []): LogCheck {
    this.flush();
    const broken = seals.filter((seal) => !this.holds(seal)).map(({ seq }) => seq);
    return { ...this.#verifyChain(), brokenSeal: broken.length === 0 ? null : Math.min(...broken) };
  }

  #oldest(): number | undefined {
    return this.all<{ seq: number | null }>("select min(seq) as seq from calls")[0]?.seq ?? undefined;
  }

  #verifyChain(): Omit<LogCheck, "brokenSeal"> {
    let hash = this.all<{ hash: string }>("select hash from pruned")[0]?.hash ?? noHash;
    let entries = 0;
    for (let after = -1; ; ) {
      const rows = this.all<EntryRow>(
        "select seq, entry, hash from calls where seq > ? order by seq limit 1000",
        after,
      );
      for (const row of rows) {
        hash = chained(hash, row.entry);
        if (hash !== row.hash) return { entries, head: this.#last().hash, brokenAt: row.seq };
        entries += 1;
        after = row.seq;
      }
      if (rows.length === 0) return { entries, head: hash, brokenAt: null };
    }
  }

  /**
   * Forgets what is too old or too much; the hash of the last that goes is kept, so that the rest can be verified, and the
   * last entry stays, so that no number comes twice.
   */
  prune(now: number): void {
    const { seq } = this.#last();
    const [row] = this.all<{ seq: number | null }>(
      "select max(seq) as seq from calls where (at < ? or seq <= ?) and seq < ?",
      now - keptMs,
      seq - keptEntries,
      seq,
    );
    if (row === undefined || row.seq === null) return;
    this.write("insert or replace into pruned (id, hash) select 1, hash from calls where seq = ?", row.seq);
    this.write("delete from calls where seq <= ?", row.seq);
  }

  #write(entry: CallEntry): void {
    const last = this.#last();
    const text = canonicalJson(entry);
    const next = { seq: last.seq + 1, hash: chained(last.hash, text) };
    this.write(
      "insert into calls (seq, command_id, at, entry, hash) values (?, ?, ?, ?, ?)",
      next.seq,
      entry.commandId,
      entry.at,
      text,
      next.hash,
    );
    this.#head = next;
  }

  #last(): { seq: number; hash: string } {
    if (this.#head === undefined) {
      const [row] = this.all<EntryRow>("select seq, hash, '' as entry from calls order by seq desc limit 1");
      const pruned = this.all<{ hash: string }>("select hash from pruned")[0]?.hash;
      this.#head = row ?? { seq: 0, hash: pruned ?? noHash };
    }
    return this.#head;
  }
}

function chained(before: string, entry: string): string {
  return createHash("sha256").update(before).update(entry).digest("hex");
}
