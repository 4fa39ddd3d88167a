import { type AppError, problem } from "../../kernel/problem.ts";
import type { LookUp } from "./look-up.ts";
import { isPublicAddress } from "./private-address.rules.ts";
import { isAllowed, safeBaseUrl } from "./safe-base-url.ts";

export interface GuardOptions {
  /** `host` or `host:port` that may be reached by plain http and at any address. */
  readonly allowedHosts: readonly string[];
  /** Undefined looks nothing up: where the network itself can't reach private addresses. */
  readonly lookUp: LookUp | undefined;
  readonly fetch?: typeof fetch;
  readonly now?: () => number;
}

const lookUpMs = 5_000;
const keptMs = 60_000;
const failedMs = 5_000;
const mostKept = 1_000;

type Verdict = "public" | "private" | "unknown" | "unasked";

/**
 * A `fetch` for addresses that tenants name: https only, no literal addresses, no names of private networks, none that
 * resolve to one, and redirects are not followed. The name may resolve to another address by the time of the request;
 * that is left to the network, which on Cloudflare reaches no private address.
 * @throws forbidden `egress.private_address`, upstream_failed `egress.unresolved`, and those of `safeBaseUrl`
 */
export function guardedFetch(
  options: GuardOptions,
): (url: string | URL, init: RequestInit) => Promise<Response> {
  const { allowedHosts, lookUp, fetch: send = fetch, now = Date.now } = options;
  const kept = new Map<string, { readonly verdict: Promise<Verdict>; until: number }>();

  function verdictOn(hostname: string, ask: LookUp): Promise<Verdict> {
    const known = kept.get(hostname);
    if (known !== undefined && known.until > now()) return known.verdict;
    if (kept.size >= mostKept) kept.clear();
    const entry = { verdict: judge(hostname, ask), until: now() + keptMs };
    kept.set(hostname, entry);
    return entry.verdict.then((verdict) => {
      if (verdict === "unknown" || verdict === "unasked") entry.until = now() + failedMs;
      return verdict;
    });
  }

  return async (address, init) => {
    const url = new URL(address);
    safeBaseUrl(url.origin, allowedHosts);
    if (lookUp !== undefined && !isAllowed(url, allowedHosts)) {
      const verdict = await verdictOn(url.hostname, lookUp);
      if (verdict !== "public") throw refusal(url.host, verdict);
    }
    return send(url, { ...init, redirect: "manual" });
  };
}

async function judge(hostname: string, ask: LookUp): Promise<Verdict> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), lookUpMs);
  });
  const found = await Promise.race([ask(hostname).catch(() => undefined), late]);
  clearTimeout(timer);
  if (found === undefined) return "unasked";
  if (found.length === 0) return "unknown";
  return found.every(isPublicAddress) ? "public" : "private";
}

function refusal(host: string, verdict: Exclude<Verdict, "public">): AppError {
  if (verdict === "private") {
    return problem(
      "forbidden",
      "egress.private_address",
      `The host ${host} resolves to a private address; an operator may allow it by name.`,
    );
  }
  const why = verdict === "unknown" ? "has no address" : "could not be looked up";
  return problem("upstream_failed", "egress.unresolved", `The host ${host} ${why}.`);
}
