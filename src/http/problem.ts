import { type Failure, type ProblemKind, problems, toFailure } from "../kernel/problem.ts";

export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly code: string;
  readonly requestId: string;
  readonly retryable: boolean;
  readonly errors: readonly { readonly pointer: string; readonly code: string; readonly message: string }[];
  readonly [extension: string]: unknown;
}

/** RFC 9457: a failure as a problem document. */
export function problemDocument(failure: Failure, instance: string, requestId: string): ProblemDocument {
  const entry = problems[failure.kind];
  return {
    type: `/docs#problem-${failure.kind}`,
    title: entry.title,
    status: entry.status,
    detail: failure.detail,
    instance,
    code: failure.code,
    requestId,
    retryable: entry.retryable,
    errors: failure.errors?.length ? failure.errors : wholeRequest(failure),
    ...(failure.data ? { data: failure.data } : {}),
  };
}

const ofTheBody: readonly ProblemKind[] = [
  "malformed_request",
  "too_large",
  "unsupported_media",
  "invalid_input",
];

/** A refusal of what was sent that names no field means the body as a whole. */
function wholeRequest({ kind, code, detail }: Failure): ProblemDocument["errors"] {
  if (!ofTheBody.includes(kind)) return [];
  return [{ pointer: "", code: code.slice(code.lastIndexOf(".") + 1), message: detail }];
}

/** Any thrown thing as a response; what is not an `AppError` shows a fixed detail and the request id only. */
export function problemResponse(error: unknown, instance: string, requestId: string): Response {
  const failure = toFailure(error);
  const document = problemDocument(failure, instance, requestId);
  const headers = new Headers({ "content-type": "application/problem+json", "cache-control": "no-store" });
  if (failure.kind === "unauthenticated") headers.set("www-authenticate", 'Bearer realm="maru"');
  if (
    failure.retryAfterMs !== undefined ||
    failure.kind === "rate_limited" ||
    failure.kind === "unavailable"
  ) {
    headers.set("retry-after", String(Math.max(1, Math.ceil((failure.retryAfterMs ?? 1000) / 1000))));
  }
  return new Response(JSON.stringify(document), { status: document.status, headers });
}
