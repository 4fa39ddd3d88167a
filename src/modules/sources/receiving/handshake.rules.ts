/**
 * The answer to the validation request of CloudEvents webhooks (http-webhook.md, 4): which origin may send, and how many
 * requests a minute. Undefined when the request is none, or its origin is not let in.
 */
export function handshakeHeaders(
  headers: ReadonlyMap<string, string>,
  allowedOrigins: readonly string[],
  requestsPerMinute: number | null,
): readonly (readonly [string, string])[] | undefined {
  const origin = headers.get("webhook-request-origin")?.trim().toLowerCase() ?? "";
  if (!/^[\w.:*-]{1,255}$/.test(origin)) return undefined;
  if (allowedOrigins.length > 0 && !allowedOrigins.some((allowed) => allowed.toLowerCase() === origin))
    return undefined;
  const asked = headers.get("webhook-request-rate")?.trim() ?? "";
  const wanted = /^[1-9]\d{0,8}$/.test(asked) ? Number(asked) : undefined;
  const rate =
    requestsPerMinute === null
      ? wanted === undefined
        ? "*"
        : String(wanted)
      : String(Math.min(requestsPerMinute, wanted ?? requestsPerMinute));
  return [
    ["WebHook-Allowed-Origin", origin],
    ["WebHook-Allowed-Rate", rate],
  ];
}
