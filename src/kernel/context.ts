import type { ReadDb, Statement, WriteDb } from "../db/db.ts";
import type { Ports } from "./ports/ports.ts";
import type { Role, Scope } from "./scopes.ts";
import type { Trace } from "./trace.ts";

/** Who acts. `grants` are scopes or patterns of scopes; `projectIds` absent means every project of the tenant. */
export interface Actor {
  readonly kind: "user" | "api_key" | "system" | "anonymous";
  readonly id: string;
  readonly tenantId: string;
  readonly grants: readonly string[];
  readonly role?: Role;
  readonly projectIds?: readonly string[];
  /** The person behind an API key, so that four eyes aren't two. */
  readonly ownerId?: string;
}

/** What a write changes: the resource (`dataset:ds_1`) and how it looked before and looks after, without secrets. */
export interface Change {
  readonly entity: string;
  readonly before?: unknown;
  readonly after?: unknown;
  readonly projectId?: string;
}

/** Something to be sent because of a write, stored with it and sent by the relay. */
export interface OutboxMessage {
  readonly topic: string;
  readonly payload: unknown;
  readonly availableAt?: Date;
}

export type LogLevel = "debug" | "info" | "warn" | "error";
export type Log = (level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>) => void;

/** Everything an operation may touch; one per request, message, tick or object call. */
export interface Ctx {
  readonly tenantId: string;
  readonly actor: Actor;
  readonly action: string;
  /** What the operation asks of its caller; absent for what the platform does by itself. */
  readonly scope?: Scope | "public" | "signed_in";
  readonly requestId: string;
  readonly trace: Trace;
  readonly address?: string;
  /** Where the caller reached Maru: `https://maru.example`. */
  readonly origin?: string;
  readonly now: Date;
  readonly ports: Ports;
  readonly log: Log;
  /** Aborted when the caller has gone. */
  readonly signal?: AbortSignal;
  /** The version the caller expects, from `If-Match`. */
  readonly expectedVersion?: number;
  /** The caller's `Idempotency-Key` and the hash of what came with it. */
  readonly idempotency?: { readonly key: string; readonly bodyHash: string };
  /** Where a stream is to go on, from `Last-Event-ID`. */
  readonly lastEventId?: number;
  /** The raw body of an operation that takes one. */
  readonly body?: RawBody;
  newId(prefix: string): string;
  /** Can only select. */
  readonly db: ReadDb;
  /**
   * The only way to write: stores the statements, the audit event and the outbox messages in one atomic unit. A race
   * lost in a `mustHold` becomes `conflict`; a unique index that refuses becomes `conflict` too.
   */
  write(
    change: Change,
    build: (q: WriteDb) => readonly Statement[],
    outbox?: readonly OutboxMessage[],
  ): Promise<void>;
  /**
   * The same call for another actor: for sign-in and bootstrap, where the tenant is only known inside. `action` names a
   * step that leaves an event of its own, such as the reading of a secret.
   */
  actingAs(actor: Actor, action?: string): Ctx;
}

export interface RawBody {
  readonly stream: ReadableStream<Uint8Array>;
  readonly contentType: string;
  readonly length?: number;
}
