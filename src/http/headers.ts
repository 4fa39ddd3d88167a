/** Headers of every answer; pages loosen the policy for themselves. */
export const securityHeaders: readonly (readonly [string, string])[] = [
  ["X-Content-Type-Options", "nosniff"],
  ["Referrer-Policy", "no-referrer"],
  ["X-Frame-Options", "DENY"],
  ["Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"],
  ["Strict-Transport-Security", "max-age=31536000; includeSubDomains"],
  ["Cross-Origin-Resource-Policy", "same-origin"],
];

const exposed =
  "ETag, Idempotency-Replayed, Location, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After, X-Request-Id, traceparent";
const allowedHeaders =
  "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, Prefer, traceparent, tracestate, X-Request-Id";

/** CORS headers (fetch.spec.whatwg.org) for an origin of the allow-list; none for any other. */
export function corsHeaders(
  origin: string | null,
  allowed: readonly string[],
): readonly (readonly [string, string])[] {
  if (origin === null || !allowed.includes(origin)) return [];
  return [
    ["Access-Control-Allow-Origin", origin],
    ["Access-Control-Expose-Headers", exposed],
    ["Cross-Origin-Resource-Policy", "cross-origin"],
    ["Vary", "Origin"],
  ];
}

/** The further headers of a preflight's answer. */
export const preflightHeaders: readonly (readonly [string, string])[] = [
  ["Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE"],
  ["Access-Control-Allow-Headers", allowedHeaders],
  ["Access-Control-Max-Age", "86400"],
];

/** The request id of the caller when it has a sane form, else a new one. */
export function requestIdOf(header: string | null | undefined, make: () => string): string {
  return header && /^[\w.-]{8,128}$/.test(header) ? header : make();
}
