import { problem } from "../../kernel/problem.ts";

const privateName = /(^|\.)(localhost|local|internal|intranet|lan|home\.arpa)$/i;

/**
 * Reads the base URL of a provider and refuses what a tenant must not reach: anything but https, credentials, a query
 * or a fragment in the URL, an address literal, and names of private networks. `allowedHosts` is the operator's list
 * of `host` or `host:port` that may be reached by plain http and by address all the same.
 * @throws invalid_input `llm.base_url_invalid`, forbidden `llm.host_refused`
 */
export function safeBaseUrl(baseUrl: string, allowedHosts: readonly string[] = []): URL {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (!url || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw invalid("The base URL of a provider must be an https URL.");
  }
  if (url.username || url.password || url.search || url.hash) {
    throw invalid("The base URL of a provider must not carry credentials, a query or a fragment.");
  }
  if (isAllowed(url, allowedHosts)) return url;
  const reason =
    url.protocol === "http:"
      ? "is not reached by https"
      : isAddressOrPrivate(url.hostname)
        ? "is an address or a name of a private network"
        : undefined;
  if (reason) {
    throw problem(
      "forbidden",
      "llm.host_refused",
      `The host ${url.host} ${reason}; an operator may allow it by name.`,
      { errors: [{ pointer: "/baseUrl", code: "host_refused", message: `The host ${reason}.` }] },
    );
  }
  return url;
}

/** Whether the operator lets this host be reached whatever its address. */
export function isAllowed(url: URL, allowedHosts: readonly string[]): boolean {
  return allowedHosts.includes(url.host) || allowedHosts.includes(url.hostname);
}

function isAddressOrPrivate(hostname: string): boolean {
  const host = hostname.replace(/\.$/, "");
  return (
    host.startsWith("[") || /^\d+(\.\d+){3}$/.test(host) || privateName.test(host) || !host.includes(".")
  );
}

function invalid(detail: string) {
  return problem("invalid_input", "llm.base_url_invalid", detail, {
    errors: [{ pointer: "/baseUrl", code: "base_url_invalid", message: detail }],
  });
}
