import type { MaruEvent } from "../../../contracts/events.ts";
import type { SetAsideReason } from "../../../contracts/sources.ts";
import type { Ctx } from "../../kernel/context.ts";
import { type Failure, type FieldProblem, problem, toFailure } from "../../kernel/problem.ts";
import { acceptEvents } from "./accept-events.ts";
import { keepRefused } from "./history/keep-intake.ts";
import { proveSender } from "./prove-sender.ts";
import type { EventDraft, HttpMessage } from "./receiving/event-draft.ts";
import { readEvents } from "./receiving/read-events.ts";
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

/** Takes one request in: allowance, proof, reading, keeping, publishing. Answers only once its events are durable. */
export async function receiveRequest(ctx: Ctx, source: SourceRow, arrival: Arrival): Promise<Receipt> {
  let message: HttpMessage | undefined;
  try {
    await mustBeOpen(ctx, source);
    const body = await arrival.body(source.limits.maxBodyBytes);
    const { headers } = arrival;
    const verified = await proveSender(ctx, source, { headers, body }, arrival.token);
    message = { headers, body };
    const items = await readEvents(source, message);
    const drafts = items.flatMap((item) => ("draft" in item ? [item.draft] : []));
    const refused = items.flatMap((item) => ("errors" in item ? [item.errors] : []));
    if (drafts.length === 0 && refused.length > 0) throw unreadable(refused.flat());
    const taken = await acceptEvents(ctx, source, drafts, verified, message);
    const { accepted, duplicates, leftOut, keptAt } = taken;
    const late = leftOut.filter(({ reason }) => reason === "late").length;
    const repeated = duplicates.length + leftOut.length - late;
    return {
      answer: {
        accepted: accepted.length - leftOut.length,
        duplicate: repeated,
        late,
        rejected: refused.length,
        errors: refused.flat().slice(0, 100),
      },
      setAside: [
        ...refused
          .slice(0, 50)
          .map((errors) => asideRow(ctx, source, "malformed", { errors, bytes: body.length, keptAt })),
        ...duplicates
          .slice(0, 50)
          .map((event) => asideRow(ctx, source, "duplicate", { event, bytes: body.length })),
      ],
      leftOut,
      counts: {
        [source.delivery === "queued" ? "queued" : "accepted"]: accepted.length - leftOut.length,
        malformed: refused.length,
        duplicate: repeated,
        late,
      },
    };
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

function unreadable(errors: readonly FieldProblem[]) {
  return problem("malformed_request", "sources.malformed", errors[0]?.message ?? "No event could be read.", {
    errors: errors.slice(0, 100),
  });
}

const reasons: Readonly<Record<string, SetAsideReason>> = {
  "sources.malformed": "malformed",
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
  readonly event?: MaruEvent | EventDraft;
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
    detail: facts.failure?.detail ?? errors[0]?.message ?? "The request holds the same event twice.",
    errors,
    blobKey: facts.keptAt ?? null,
    bytes: facts.bytes,
    replayedAt: null,
  };
}
