import type { ZodError } from "zod";
import { isAway } from "./is-away.ts";

/** What went wrong, in the words of the catalogue; each has one status, one title and one answer to "may I retry?". */
export type ProblemKind =
  | "malformed_request"
  | "unauthenticated"
  | "limit_reached"
  | "forbidden"
  | "not_found"
  | "method_not_allowed"
  | "conflict"
  | "gone"
  | "precondition_failed"
  | "too_large"
  | "unsupported_media"
  | "invalid_input"
  | "rate_limited"
  | "internal"
  | "upstream_failed"
  | "unavailable"
  | "timeout";

export interface ProblemEntry {
  readonly status: number;
  readonly title: string;
  readonly retryable: boolean;
}

/** The one error catalogue. Statuses follow RFC 9110; the document shape follows RFC 9457. */
export const problems: Readonly<Record<ProblemKind, ProblemEntry>> = {
  malformed_request: { status: 400, title: "The request could not be read", retryable: false },
  unauthenticated: { status: 401, title: "Authentication is required", retryable: false },
  limit_reached: { status: 403, title: "A limit of the policy is reached", retryable: false },
  forbidden: { status: 403, title: "The caller may not do this", retryable: false },
  not_found: { status: 404, title: "There is no such resource", retryable: false },
  method_not_allowed: { status: 405, title: "The resource has no such method", retryable: false },
  conflict: { status: 409, title: "The resource is in another state", retryable: false },
  gone: { status: 410, title: "The resource is gone", retryable: false },
  precondition_failed: { status: 412, title: "The resource has changed", retryable: false },
  too_large: { status: 413, title: "The request is too large", retryable: false },
  unsupported_media: { status: 415, title: "The media type is not supported", retryable: false },
  invalid_input: { status: 422, title: "The input is not valid", retryable: false },
  rate_limited: { status: 429, title: "Too many requests", retryable: true },
  internal: { status: 500, title: "Something failed on our side", retryable: true },
  upstream_failed: { status: 502, title: "An upstream service failed", retryable: true },
  unavailable: { status: 503, title: "The service is not available now", retryable: true },
  timeout: { status: 504, title: "The operation took too long", retryable: true },
};

/** One field that is wrong. `pointer` is an RFC 6901 JSON pointer into the request body, or `/query/x`, `/header/x`. */
export interface FieldProblem {
  readonly pointer: string;
  readonly code: string;
  readonly message: string;
}

/** An error as a value: what crosses RPC, queues and storage, where a thrown class would lose its class. */
export interface Failure {
  readonly kind: ProblemKind;
  /** A dotted `module.reason`, stable for machines. */
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly FieldProblem[];
  readonly retryAfterMs?: number;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** The one error class of the house; anything else that is thrown is an `internal` problem. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly failure: Failure;

  constructor(failure: Failure, cause?: unknown) {
    super(`${failure.code}: ${failure.detail}`, cause === undefined ? undefined : { cause });
    this.failure = failure;
  }

  get kind(): ProblemKind {
    return this.failure.kind;
  }

  get retryable(): boolean {
    return problems[this.failure.kind].retryable;
  }
}

/** Builds an `AppError` in one call: `throw problem("not_found", "datasets.unknown", "There is no dataset ds_1.")`. */
export function problem(
  kind: ProblemKind,
  code: string,
  detail: string,
  more: Pick<Failure, "errors" | "retryAfterMs" | "data"> & { cause?: unknown } = {},
): AppError {
  const { cause, ...rest } = more;
  return new AppError({ kind, code, detail, ...rest }, cause);
}

/** RFC 6901: joins path segments into a JSON pointer, escaping `~` and `/`. */
export function jsonPointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** Every issue of a zod error as a field problem; unknown keys get one entry each, pointing at the key itself. */
export function fieldProblems(error: ZodError, prefix = ""): FieldProblem[] {
  return error.issues.flatMap((issue) => {
    const at = prefix + jsonPointer(issue.path);
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({
        pointer: at + jsonPointer([key]),
        code: "unknown_field",
        message: `There is no field "${key}" here.`,
      }));
    }
    const missing = issue.code === "invalid_type" && / received undefined$/.test(issue.message);
    if (missing) return [{ pointer: at, code: "required", message: "This field is required." }];
    return [{ pointer: at, code: issue.code, message: messageOf(issue) }];
  });
}

/** What is expected instead, also where a value fits none of several schemas, of which zod only says that. */
function messageOf(issue: ZodError["issues"][number]): string {
  if (issue.code !== "invalid_union" || issue.message !== "Invalid input") return issue.message;
  const expected = new Set<string>();
  for (const [first] of issue.errors) {
    // What lies deeper is of a schema that the value almost fits.
    if (first === undefined || first.path.length > 0 || first.code !== "invalid_type") return issue.message;
    expected.add(first.expected);
  }
  return `Invalid input: expected ${[...expected].join(" or ")}`;
}

/**
 * Reads any thrown thing as a failure: a part of the platform that is away becomes `unavailable`, every other unknown
 * error `internal`, both with a fixed detail.
 */
export function toFailure(error: unknown): Failure {
  if (error instanceof AppError) return error.failure;
  if (isAway(error)) {
    return {
      kind: "unavailable",
      code: "platform.unavailable",
      detail: "The database or another part of the platform can't be reached now. Try again in a moment.",
      retryAfterMs: 2_000,
    };
  }
  return {
    kind: "internal",
    code: "internal",
    detail: "An unexpected error happened. It has been recorded.",
  };
}
