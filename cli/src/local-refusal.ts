import { ApiError } from "./failure.ts";

const statuses: Readonly<Record<string, number>> = {
  malformed_request: 400,
  forbidden: 403,
  not_found: 404,
  too_large: 413,
  unsupported_media: 415,
  invalid_input: 422,
};

interface LocalFailure {
  readonly kind: string;
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly { pointer: string; code: string; message: string }[];
}

/** What the code of the Worker refused in this process, as the server would have sent it. */
export function asRefusal(error: unknown): unknown {
  const failure = (error as { failure?: LocalFailure } | null)?.failure;
  if (failure === undefined) return error;
  const { kind, code, detail, errors = [] } = failure;
  const status = statuses[kind] ?? 500;
  return new ApiError({ title: kind, status, detail, code, errors, requestId: "", retryable: false });
}
