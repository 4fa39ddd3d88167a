const codes: ReadonlySet<unknown> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ETIMEDOUT",
  "CONNECT_TIMEOUT",
  "CONNECTION_CLOSED",
  "CONNECTION_DESTROYED",
  "CONNECTION_ENDED",
  // PostgreSQL, appendix A: too many connections, shutdowns, starting up.
  "53300",
  "57P01",
  "57P02",
  "57P03",
]);

const words =
  /cannot connect to the specified address|network connection lost|D1 DB (is overloaded|storage operation|exceeded)|storage caused object to be reset|storage operation exceeded timeout/i;

/**
 * Whether an error, or what caused it, says that a database or an object of the platform can't be reached now: network
 * errors and PostgreSQL's codes, the messages of D1 (developers.cloudflare.com/d1/observability/debug-d1), and the marks
 * that Durable Objects set (`retryable`, `overloaded`).
 */
export function isAway(error: unknown): boolean {
  let depth = 0;
  for (let at = error; at instanceof Error && depth < 8; at = at.cause, depth++) {
    const { code, retryable, overloaded } = at as Error &
      Record<"code" | "retryable" | "overloaded", unknown>;
    if (codes.has(code) || retryable === true || overloaded === true || words.test(at.message)) return true;
  }
  return false;
}
