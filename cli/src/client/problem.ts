/** RFC 9457 as the API writes it. */
export interface Problem {
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly requestId: string;
  readonly retryable: boolean;
  readonly errors: readonly { readonly pointer: string; readonly code: string; readonly message: string }[];
  readonly data?: Readonly<Record<string, unknown>>;
}

/** Reads the body of a failed answer. What is not a problem document, such as a proxy's page, becomes one. */
export async function readProblem(response: Response): Promise<Problem> {
  const type = response.headers.get("content-type") ?? "";
  const text = await response.text().catch(() => "");
  if (/json/i.test(type)) {
    try {
      const found = JSON.parse(text) as Partial<Problem>;
      if (typeof found.code === "string" && typeof found.detail === "string") {
        return {
          ...found,
          code: found.code,
          detail: found.detail,
          title: found.title ?? response.statusText,
          status: response.status,
          requestId: found.requestId ?? response.headers.get("x-request-id") ?? "",
          retryable: found.retryable === true,
          errors: Array.isArray(found.errors) ? found.errors : [],
        };
      }
    } catch {}
  }
  return {
    title: response.statusText || "The request failed",
    status: response.status,
    detail: `The server answered ${response.status} without saying why (${type || "no media type"}).`,
    code: "http.unexplained",
    requestId: response.headers.get("x-request-id") ?? "",
    retryable: isTransient(response.status),
    errors: [],
  };
}

/** HTTP answers worth another try: 408, 425, 429 and 5xx but 501. */
export function isTransient(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || (status >= 500 && status !== 501);
}

/** `Retry-After` in milliseconds: seconds or an HTTP date (RFC 9110, 10.2.3); undefined when absent or unreadable. */
export function readRetryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
