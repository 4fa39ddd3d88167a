import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { AnswerHead, Command } from "../../../contracts/relay/command.ts";

/** The first result of a command, kept for its repeats. A body that was too large to keep is undefined. */
export interface KeptResult {
  readonly commandId: string;
  readonly head: AnswerHead;
  readonly body: Uint8Array | undefined;
}

/** What became of a command. `running` is one whose end is not known: the agent died, or it runs. */
export interface Outcome {
  readonly id: string;
  readonly ran: "no" | "yes" | "unknown";
  readonly status: number | null;
}

export type Begun =
  | { readonly as: "first" }
  | { readonly as: "repeat"; readonly result: KeptResult }
  /** The first with this key has no known end. */
  | { readonly as: "unfinished"; readonly commandId: string }
  /** The same key with another request. */
  | { readonly as: "different"; readonly commandId: string };

/** How long results and outcomes are kept. */
export const keptMs = 24 * 3_600_000;

/** Bodies beyond it are not kept for repeats. */
export const keptBodyBytes = 256 * 1024;

const schema = `
  create table if not exists nonces (nonce text primary key, expires_at integer not null) without rowid;
  create index if not exists nonces_expiry on nonces (expires_at);
  create table if not exists commands (
    id text primary key, idempotency_key text unique, request text not null, begun_at integer not null,
    state text not null, head text, status integer, body blob
  ) without rowid;
  create index if not exists commands_age on commands (begun_at);
`;

/**
 * What must survive the agent's own death: nonces, and what was begun. A write is on the disk before it is sent; the
 * nonces of reads follow in batches, since a read that comes twice does no harm.
 */
export class Journal {
  readonly #db: DatabaseSync;
  readonly #fresh = new Map<string, number>();
  readonly #insertNonce: StatementSync;
  readonly #findNonce: StatementSync;

  /** `file` is a path, or `:memory:`. */
  constructor(file: string) {
    this.#db = new DatabaseSync(file);
    this.#db.exec("pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 2000;");
    this.#db.exec(schema);
    this.#insertNonce = this.#db.prepare("insert or ignore into nonces (nonce, expires_at) values (?, ?)");
    this.#findNonce = this.#db.prepare("select 1 from nonces where nonce = ?");
  }

  hasSeen(nonce: string): boolean {
    return this.#fresh.has(nonce) || this.#findNonce.get(nonce) !== undefined;
  }

  /** Remembers the nonce of a read; `flush` takes it to the disk. */
  see(nonce: string, expiresAt: number): void {
    this.#fresh.set(nonce, expiresAt);
  }

  flush(): void {
    if (this.#fresh.size === 0) return;
    this.#inTransaction(() => {
      for (const [nonce, expiresAt] of this.#fresh) this.#insertNonce.run(nonce, expiresAt);
    });
    this.#fresh.clear();
  }

  /** Writes down, before anything is sent, that a write begins; or says what is known of an earlier one with its key. */
  begin(command: Command, nonceUntil: number, now: number): Begun {
    const request = requestOf(command);
    return this.#inTransaction(() => {
      this.#insertNonce.run(command.nonce, nonceUntil);
      const key = command.idempotencyKey ?? null;
      const earlier = key === null ? undefined : this.#earlier(key, request);
      if (earlier !== undefined) return earlier;
      this.#db
        .prepare(
          "insert into commands (id, idempotency_key, request, begun_at, state) values (?, ?, ?, ?, 'running')",
        )
        .run(command.id, key, request, now);
      return { as: "first" };
    });
  }

  #earlier(key: string, request: string): Begun | undefined {
    const row = this.#db
      .prepare("select id, request, state, head, body from commands where idempotency_key = ?")
      .get(key);
    if (row === undefined) return undefined;
    const commandId = String(row["id"]);
    if (row["request"] !== request) return { as: "different", commandId };
    if (row["state"] === "done" && typeof row["head"] === "string") {
      const body = row["body"] instanceof Uint8Array ? row["body"] : undefined;
      return { as: "repeat", result: { commandId, head: JSON.parse(row["head"]), body } };
    }
    return { as: "unfinished", commandId };
  }

  /**
   * The answer came; `body` undefined when it is not kept. What was turned away because of too many requests (429) was
   * not done: its key is free again.
   */
  finish(commandId: string, head: AnswerHead, body: Uint8Array | undefined): void {
    const key = head.status === 429 ? "null" : "idempotency_key";
    this.#db
      .prepare(
        `update commands set state = 'done', idempotency_key = ${key}, head = ?, status = ?, body = ? where id = ?`,
      )
      .run(JSON.stringify(head), head.status, body ?? null, commandId);
  }

  /** It failed without an answer. `no`: nothing was sent, so its key is free again. */
  fail(commandId: string, ran: "no" | "unknown"): void {
    this.#db
      .prepare(
        ran === "no"
          ? "update commands set state = 'no', idempotency_key = null where id = ?"
          : "update commands set state = 'unknown' where id = ?",
      )
      .run(commandId);
  }

  /** A command that never came here did not run. `running` tells which are under way now. */
  outcomes(ids: readonly string[], running: ReadonlySet<string>): readonly Outcome[] {
    const find = this.#db.prepare("select state, status from commands where id = ?");
    return ids.map((id) => {
      const row = find.get(id);
      const status = typeof row?.["status"] === "number" ? row["status"] : null;
      if (row === undefined || row["state"] === "no") return { id, ran: "no", status: null };
      if (row["state"] === "done" && !running.has(id)) return { id, ran: "yes", status };
      return { id, ran: "unknown", status };
    });
  }

  /** Forgets what is too old to matter. */
  prune(now: number): void {
    this.#inTransaction(() => {
      this.#db.prepare("delete from nonces where expires_at < ?").run(now);
      this.#db.prepare("delete from commands where begun_at < ?").run(now - keptMs);
    });
  }

  close(): void {
    this.flush();
    this.#db.close();
  }

  #inTransaction<Value>(work: () => Value): Value {
    this.#db.exec("begin immediate");
    try {
      const value = work();
      this.#db.exec("commit");
      return value;
    } catch (error) {
      this.#db.exec("rollback");
      throw error;
    }
  }
}

// What makes two commands the same request; ids, times and nonces differ in a repeat.
function requestOf({ actor, driver, verb, path, bodySha256 }: Command): string {
  return JSON.stringify([actor, driver, verb, path, bodySha256 ?? null]);
}
