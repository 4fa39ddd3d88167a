import { problem } from "../kernel/problem.ts";

/** What became of a claimed key. */
export type IdempotencyClaim =
  | { readonly state: "claimed" }
  | { readonly state: "done"; readonly status: number; readonly response: unknown }
  | { readonly state: "other_body" }
  | { readonly state: "running"; readonly retryAfterMs: number }
  | { readonly state: "applied"; readonly resource: string };

export interface IdempotencyKey {
  readonly tenantId: string;
  /** Action and caller: the same key for another operation is another key. */
  readonly scope: string;
  readonly key: string;
  readonly bodyHash: string;
  /** The attempt that claims it; nobody else has this id. */
  readonly claimId: string;
}

/** Keeps what was answered to a key; the ledger of the database implements it. */
export interface IdempotencyLedger {
  claim(key: IdempotencyKey): Promise<IdempotencyClaim>;
  finish(key: IdempotencyKey, status: number, response: unknown): Promise<void>;
  release(key: IdempotencyKey): Promise<void>;
}

/** The key of a request, checked for form: 1 to 255 visible ASCII characters. */
export function readIdempotencyKey(header: string | null): string | undefined {
  if (header === null) return undefined;
  const key =
    header.startsWith('"') && header.endsWith('"') && header.length > 2 ? header.slice(1, -1) : header;
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw problem(
      "invalid_input",
      "idempotency.key_form",
      "An Idempotency-Key has 1 to 255 visible ASCII characters.",
      {
        errors: [
          {
            pointer: "/header/Idempotency-Key",
            code: "invalid_format",
            message: "1 to 255 visible ASCII characters.",
          },
        ],
      },
    );
  }
  return key;
}

/** The answer to a claim that another request holds or settled. */
export function refuseClaim(claim: Exclude<IdempotencyClaim, { state: "claimed" | "done" }>) {
  if (claim.state === "other_body") {
    return problem(
      "invalid_input",
      "idempotency.other_body",
      "This Idempotency-Key was used with another request. Use a new key.",
      {
        errors: [{ pointer: "/header/Idempotency-Key", code: "reused", message: "Used with another body." }],
      },
    );
  }
  if (claim.state === "running") {
    return problem(
      "conflict",
      "idempotency.running",
      "A request with this Idempotency-Key is still running. Retry shortly.",
      {
        retryAfterMs: claim.retryAfterMs,
      },
    );
  }
  return problem(
    "conflict",
    "idempotency.applied",
    `The request was applied to ${claim.resource}, but its answer was not kept. Read the resource.`,
    {
      data: { resource: claim.resource },
    },
  );
}
