import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import * as z from "zod";
import { buildCtx, openSession } from "../../../src/context.ts";
import type { Db } from "../../../src/db/db.ts";
import { ledgerTables } from "../../../src/db/ledger-tables.ts";
import type { Actor, Ctx, RawBody } from "../../../src/kernel/context.ts";
import { newId } from "../../../src/kernel/ids.ts";
import { invoke, type Operation } from "../../../src/kernel/operation.ts";
import { continueTrace } from "../../../src/kernel/trace.ts";
import type { Env } from "../../../src/platform/env.ts";

export interface CallOptions {
  readonly actor?: Partial<Actor>;
  readonly now?: Date;
  readonly body?: RawBody;
  readonly expectedVersion?: number;
  readonly idempotency?: NonNullable<Ctx["idempotency"]>;
  readonly ports?: Partial<Ctx["ports"]>;
}

/** Calls operations as somebody of a tenant of its own, on the database that is given, as the HTTP layer would. */
export function caller(db: Db, tenantId: string = newId("ten", Date.now())) {
  const bindings = env as unknown as Env;

  function ctxOf(action: string, options: CallOptions = {}): Ctx {
    const { actor, ports, now = new Date(), ...rest } = options;
    const session = openSession(bindings, now, (work) => void work.catch(() => {}));
    return buildCtx(
      { ...session, db, ports: { ...session.ports, ...ports } },
      {
        actor: { kind: "user", id: "usr_author", tenantId, grants: ["*"], ...actor },
        action,
        requestId: newId("req", now),
        trace: continueTrace(null),
        ...rest,
      },
    );
  }

  return {
    tenantId,
    ctxOf,
    async call<Input extends z.ZodType, Output extends z.ZodType>(
      operation: Operation<Input, Output>,
      input: z.input<Input>,
      options: CallOptions = {},
    ): Promise<z.output<Output>> {
      const ctx = ctxOf(operation.action, options);
      const output = await invoke(operation, ctx, z.parse(operation.input, input));
      return z.parse(operation.output, output);
    },
    async events() {
      const { events } = ledgerTables.of(db);
      const rows = await db.select().from(events).where(eq(events.tenantId, tenantId));
      return rows.map(({ action, resource, before, after, projectId }) => ({
        action,
        resource,
        before,
        after,
        projectId,
      }));
    },
    async outbox() {
      const { outbox } = ledgerTables.of(db);
      const rows = await db.select().from(outbox).where(eq(outbox.tenantId, tenantId));
      return rows.map(({ topic, payload }) => ({ topic, payload }));
    },
  };
}

/** A file as the raw body of a call, in pieces of `pieceBytes`. */
export function fileBody(
  text: string,
  contentType = "application/x-ndjson",
  pieceBytes = 64 * 1024,
): RawBody {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= bytes.byteLength) return controller.close();
      controller.enqueue(bytes.slice(at, at + pieceBytes));
      at += pieceBytes;
    },
  });
  return { stream, contentType };
}

/** What a refused call tells: its kind, code and the pointers of its fields. */
export async function refusalOf(work: Promise<unknown>) {
  const refused = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  const failure = (refused as { failure?: Record<string, unknown> } | undefined)?.failure;
  if (!failure) throw new Error(`not refused with a problem: ${refused}`);
  const errors = (failure.errors ?? []) as { pointer: string; code: string }[];
  return {
    kind: failure.kind,
    code: failure.code,
    fields: errors.map(({ pointer, code }) => `${pointer} ${code}`),
  };
}
