import type { EventProof, MaruEvent } from "../../../contracts/events.ts";
import type { SetAsideReason } from "../../../contracts/sources.ts";
import type { Ctx } from "../../kernel/context.ts";
import { type AppError, type Failure, type FieldProblem, problem, toFailure } from "../../kernel/problem.ts";
import { acceptEvents } from "./accept-events.ts";
import { keepRefused } from "./history/keep-intake.ts";
import { proveBySignature, proveByToken } from "./prove-sender.ts";
import type { HttpMessage } from "./receiving/event-draft.ts";
import { readEvents } from "./receiving/read-events.ts";
import { checkEvents } from "./schema/check-events.ts";
import type { Accepted } from "./schemas.ts";
import type { SetAsideEvent } from "./set-aside-events.ts";
import type { SetAsideRow, SourceRow } from "./tables.ts";

/** A request to a source's address as the shell hands it in; `body` reads it whole, or throws `too_large`. */
export interface Arrival {
  readonly headers: HttpMessage["headers"];
  readonly token: string | undefined;
  body(maxBytes: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** What became of a request: its answer or failure, and what is to be written down about it. */
export interface Receipt {
  readonly answer: Accepted | Failure;
  readonly setAside: readonly SetAsideRow[];
  /** What the rules did not take. */
  readonly leftOut: readonly SetAsideEvent[];
  readonly counts: Readonly<Record<string, number>>;
}

export const isFailure = (answer: Accepted | Failure): answer is Failure => "kind" in answer;

// What is larger is not even read; what lies between this and the source's own limit can be replayed.
const mostBytes = 8 * 1024 * 1024;
const mostListed = 50;

/** Takes one request in: allowance, proof, reading, keeping, publishing. Answers only once its events are durable. */
export async function receiveRequest(ctx: Ctx, source: SourceRow, arrival: Arrival): Promise<Receipt> {
  let message: HttpMessage | undefined;
  try {
    await mustBeOpen(ctx, source);
    const { headers, token } = arrival;
    const byToken = await proveByToken(ctx, source, headers, token);
    const body = await arrival.body(mostBytes);
    const verified = byToken ?? (await proveBySignature(ctx, source, { headers, body }));
    message = { headers, body };
    if (body.length > source.limits.maxBodyBytes) throw bodyTooLarge(source.limits.maxBodyBytes);
    return await takeIn(ctx, source, message, verified);
  } catch (error) {
    const failure = toFailure(error);
    const reason = reasonOf(failure);
    if (reason === undefined) throw error;
    const keptAt = message && (await keepRefused(ctx, source, message));
    const facts = { failure, bytes: message?.body.length ?? 0, keptAt };
    return {
      answer: failure,
      setAside: [asideRow(ctx, source, reason, facts)],
      leftOut: [],
      counts: { [reason]: 1 },
    };
  }
}

async function takeIn(
  ctx: Ctx,
  source: SourceRow,
  message: HttpMessage,
  verified: EventProof,
): Promise<Receipt> {
  const items = checkEvents(source, await readEvents(source, message));
  const drafts = items.flatMap((item) => ("draft" in item ? [item.draft] : []));
  const refused = items.flatMap((item) => ("errors" in item ? [item] : []));
  const errors = refused.flatMap((item) => item.errors).slice(0, 100);
  if (drafts.length === 0 && refused.length > 0) throw unreadable(refused, errors);
  const taken = await acceptEvents(ctx, source, drafts, verified, message);
  const leftOut = [...taken.leftOut, ...taken.duplicates.map(repeated)];
  const late = leftOut.filter(({ reason }) => reason === "late").length;
  const invalid = refused.filter(({ unfit }) => unfit !== undefined).length;
  const accepted = taken.accepted.length - taken.leftOut.length;
  const duplicate = leftOut.length - late;
  const facts = { bytes: message.body.length, keptAt: taken.keptAt };
  return {
    answer: { accepted, duplicate, late, rejected: refused.length, errors },
    setAside: refused.slice(0, mostListed).map((item) =>
      asideRow(ctx, source, item.unfit ? "invalid" : "malformed", {
        ...facts,
        errors: item.errors,
        event: item.unfit,
      }),
    ),
    leftOut,
    counts: {
      [source.delivery === "queued" ? "queued" : "accepted"]: accepted,
      malformed: refused.length - invalid,
      invalid,
      duplicate,
      late,
    },
  };
}

const repeated = (event: MaruEvent): SetAsideEvent => ({
  event,
  reason: "duplicate",
  detail: "The request holds the same event twice.",
});

/** 413 `sources.body_too_large` */
export function bodyTooLarge(maxBytes: number): AppError {
  return problem(
    "too_large",
    "sources.body_too_large",
    `The source takes bodies of ${maxBytes} bytes at most.`,
  );
}

async function mustBeOpen(ctx: Ctx, source: SourceRow): Promise<void> {
  if (source.status === "paused") {
    throw problem("unavailable", "sources.paused", "The source is paused. Send it again later.", {
      retryAfterMs: 300_000,
    });
  }
  const { requestsPerMinute } = source.limits;
  if (requestsPerMinute === null) return;
  const grant = await ctx.ports.intake.take(ctx.tenantId, source.id, requestsPerMinute, ctx.now.getTime());
  if (grant.allowed) return;
  throw problem(
    "rate_limited",
    "sources.rate_limited",
    `The source takes ${requestsPerMinute} requests a minute.`,
    {
      retryAfterMs: grant.retryAfterMs,
    },
  );
}

function unreadable(
  refused: readonly { readonly unfit?: unknown }[],
  errors: readonly FieldProblem[],
): AppError {
  const code = refused.every(({ unfit }) => unfit) ? "sources.data_invalid" : "sources.malformed";
  return problem("malformed_request", code, errors[0]?.message ?? "No event could be read.", { errors });
}

const reasons: Readonly<Record<string, SetAsideReason>> = {
  "sources.malformed": "malformed",
  "sources.unsupported_media": "malformed",
  "sources.data_invalid": "invalid",
  "sources.paused": "paused",
  "sources.rate_limited": "rate_limited",
  "sources.body_too_large": "oversized",
  "sources.too_many_events": "oversized",
  "sources.signature_stale": "stale",
  "sources.signature_missing": "unauthenticated",
  "sources.signature_invalid": "unauthenticated",
  "sources.token_invalid": "unauthenticated",
};

const reasonOf = ({ code }: Failure): SetAsideReason | undefined => reasons[code];

interface AsideFacts {
  readonly failure?: Failure;
  readonly errors?: readonly FieldProblem[];
  readonly event?: { readonly id: string; readonly type: string } | undefined;
  readonly bytes: number;
  readonly keptAt?: string | undefined;
}

function asideRow(ctx: Ctx, source: SourceRow, reason: SetAsideReason, facts: AsideFacts): SetAsideRow {
  const errors = (facts.errors ?? facts.failure?.errors ?? []).slice(0, 20);
  return {
    id: ctx.newId("aside"),
    tenantId: source.tenantId,
    sourceId: source.id,
    reason,
    at: ctx.now,
    eventId: facts.event?.id ?? null,
    eventType: facts.event?.type ?? null,
    detail: facts.failure?.detail ?? errors[0]?.message ?? "",
    errors,
    blobKey: facts.keptAt ?? null,
    bytes: facts.bytes,
    replayedAt: null,
  };
}
