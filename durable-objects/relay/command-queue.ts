import type { QueuedCommand, QueuedState } from "../../src/modules/clusters/index.ts";
import { SqlRows } from "../alerts/sql-rows.ts";
import type { RelayCall } from "./relay-call.ts";

interface QueueRow extends Record<string, ArrayBuffer | string | number | null> {
  readonly place: number;
  readonly commandId: string;
  readonly at: number;
  readonly expiresAt: number;
  readonly chain: string;
  readonly state: string;
  readonly request: string;
  readonly body: ArrayBuffer | null;
  readonly status: number | null;
  readonly detail: string | null;
}

type Kept = Omit<RelayCall, "body" | "queueForMs"> & { readonly body?: Uint8Array };

const columns =
  "place, command_id as commandId, at, expires_at as expiresAt, chain, state, request, body, status, detail";
const keptMs = 7 * 86_400_000;
/** Commands that wait at once: a cluster that is away for long must not fill its object. */
export const mostQueued = 1000;

/** Commands that wait for an agent, in the order in which they came. */
export class CommandQueue extends SqlRows {
  add(call: Kept, chain: string, now: number, expiresAt: number): void {
    const { body, ...request } = call;
    this.write(
      "insert into queue (command_id, at, expires_at, chain, state, request, body) values (?, ?, ?, ?, 'queued', ?, ?)",
      call.commandId,
      now,
      expiresAt,
      chain,
      JSON.stringify(request),
      body === undefined ? null : (body.slice().buffer as ArrayBuffer),
    );
  }

  get waiting(): number {
    return this.all<{ n: number }>("select count(*) as n from queue where state = 'queued'")[0]?.n ?? 0;
  }

  /** The next to be sent, once the one before it has its answer. */
  next(now: number): { call: Kept; chain: string } | undefined {
    const [row] = this.all<QueueRow>(
      `select ${columns} from queue where state = 'queued' and expires_at > ? order by place limit 1`,
      now,
    );
    if (row === undefined) return undefined;
    const request = JSON.parse(row.request) as Kept;
    return {
      call: row.body === null ? request : { ...request, body: new Uint8Array(row.body) },
      chain: row.chain,
    };
  }

  /** It is about to leave; what it carries is kept until its end is known. */
  take(commandId: string): void {
    this.write("update queue set state = 'sent' where command_id = ?", commandId);
  }

  /** Those that were taken and whose end is not known. */
  taken(): string[] {
    const select = "select command_id as commandId from queue where state = 'sent'";
    return this.all<{ commandId: string }>(select).map(({ commandId }) => commandId);
  }

  settle(commandId: string, state: QueuedState, status: number | null, detail: string | null): void {
    this.write(
      "update queue set state = ?, status = ?, detail = ?, body = null where command_id = ?",
      state,
      status,
      detail,
      commandId,
    );
  }

  /** A command that did not leave after all waits again, at its old place. */
  putBack(commandId: string): void {
    this.write("update queue set state = 'queued', detail = null where command_id = ?", commandId);
  }

  /** After a conflict: what waits for the same object rests on what is no longer so. */
  stopChain(chain: string, detail: string): string[] {
    return this.all<{ commandId: string }>(
      `update queue set state = 'conflict', detail = ?, body = null where state = 'queued' and chain = ?
       returning command_id as commandId`,
      detail,
      chain,
    ).map(({ commandId }) => commandId);
  }

  /** Takes out what has waited too long; answers the commands. */
  expire(now: number): string[] {
    this.write("delete from queue where state != 'queued' and at < ?", now - keptMs);
    return this.all<{ commandId: string }>(
      `update queue set state = 'expired', body = null, detail = 'No agent came in time; it was not sent.'
       where state = 'queued' and expires_at <= ? returning command_id as commandId`,
      now,
    ).map(({ commandId }) => commandId);
  }

  /** When the next of them expires. */
  get nextExpiry(): number | undefined {
    const select = "select min(expires_at) as at from queue where state = 'queued'";
    return this.all<{ at: number | null }>(select)[0]?.at ?? undefined;
  }

  /** Takes a waiting command out; answers what it is now. */
  cancel(commandId: string): QueuedCommand | undefined {
    this.write(
      "update queue set state = 'cancelled', body = null where command_id = ? and state = 'queued'",
      commandId,
    );
    return this.find(commandId);
  }

  find(commandId: string): QueuedCommand | undefined {
    const [row] = this.all<QueueRow>(`select ${columns} from queue where command_id = ?`, commandId);
    return row === undefined ? undefined : shown(row);
  }

  /** In order of their ids, which is that of time. */
  list(after: string, limit: number): QueuedCommand[] {
    return this.all<QueueRow>(
      `select ${columns} from queue where command_id > ? order by command_id limit ?`,
      after,
      limit,
    ).map(shown);
  }
}

function shown({ commandId, at, expiresAt, request, state, status, detail }: QueueRow): QueuedCommand {
  const { actor, operation, method, path } = JSON.parse(request) as Kept;
  return {
    commandId,
    at,
    expiresAt,
    actor,
    operation,
    verb: method,
    path,
    state: state as QueuedState,
    status,
    detail,
  };
}
