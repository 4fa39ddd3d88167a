import type * as z from "zod";
import type { Ctx } from "./context.ts";
import { type ProblemKind, problem } from "./problem.ts";
import { covers, type Scope } from "./scopes.ts";

/** A body given as a stream instead of JSON. */
export interface StreamBody {
  readonly stream: ReadableStream<Uint8Array>;
  readonly contentType: string;
  readonly fileName?: string;
}

/** What an operation takes besides its input: a raw body of one of these media types, at most so many bytes. */
export interface RawInput {
  readonly mediaTypes: readonly string[];
  readonly maxBytes: number;
}

/**
 * One use-case as one value. HTTP routes, OpenAPI, CLI commands and the guard suite are read from it. `scope` is what
 * the caller must hold; `public` operations answer anyone and authorise inside; `signed_in` needs only a credential.
 */
export interface Operation<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  /** `module.resource.verb` */
  readonly action: string;
  readonly effect: "read" | "write";
  readonly scope: Scope | "public" | "signed_in";
  readonly summary: string;
  readonly input: Input;
  readonly output: Output;
  readonly raises: readonly ProblemKind[];
  readonly takes?: RawInput;
  /** The media types of a `StreamBody` answer; absent means JSON. */
  readonly gives?: readonly string[];
  /** The resource touched, for the event and the guard suite. */
  readonly resource?: (input: z.output<Input>) => string;
  /** The version of the answer, sent as `ETag`. */
  readonly version?: (output: z.output<Output>) => number;
  /** `own`: the operation settles repeated `Idempotency-Key`s itself, atomically with its write. */
  readonly idempotency?: "own";
  readonly run: (ctx: Ctx, input: z.output<Input>) => Promise<z.input<Output>>;
}

/** Keeps an operation's types where it is written. */
export function defineOperation<Input extends z.ZodType, Output extends z.ZodType>(
  operation: Operation<Input, Output>,
): Operation<Input, Output> {
  return operation;
}

/** Refuses a caller without the scope: 401 for nobody, 403 for somebody. */
export function authorize(operation: Pick<Operation, "scope" | "action">, actor: Ctx["actor"]): void {
  if (operation.scope === "public") return;
  if (actor.kind === "anonymous") {
    throw problem(
      "unauthenticated",
      "access.credentials_missing",
      "Send an API key or an access token as a bearer token.",
    );
  }
  if (operation.scope !== "signed_in" && !covers(actor.grants, operation.scope)) {
    throw problem("forbidden", "access.scope_missing", `This needs the scope "${operation.scope}".`, {
      data: { scope: operation.scope },
    });
  }
}

/** Authorises, runs and times an operation; the input has been parsed by whoever stands at the boundary. */
export async function invoke<Input extends z.ZodType, Output extends z.ZodType>(
  operation: Operation<Input, Output>,
  ctx: Ctx,
  input: z.output<Input>,
): Promise<z.input<Output>> {
  authorize(operation, ctx.actor);
  return operation.run(ctx, input);
}

/** Refuses an edit of another version than the caller saw (`If-Match`). */
export function expectVersion(ctx: Ctx, version: number): void {
  if (ctx.expectedVersion !== undefined && ctx.expectedVersion !== version) {
    throw problem(
      "precondition_failed",
      "version.changed",
      `The resource is at version ${version}. Read it again and retry.`,
      {
        data: { version },
      },
    );
  }
}
