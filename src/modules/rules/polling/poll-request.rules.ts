import type { MetricTarget } from "../../../../contracts/rule-metrics.ts";

/** One HTTP request of a poll. */
export interface PollRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export const secretMark = "{{secret}}";
const queryPath = "/api/v1/query";

/** The request of a poll for the instant `at`, epoch milliseconds. The secret stands where the headers say, or as a bearer. */
export function pollRequest(metric: MetricTarget, at: number, secret: string | undefined): PollRequest {
  const { method } = metric;
  const headers = headersOf(metric, secret);
  if (metric.format === "json") {
    const body = method === "POST" && metric.body !== undefined ? { body: metric.body } : {};
    return { method, url: metric.url, headers, ...body };
  }
  const url = queryUrl(metric.url);
  const fields = new URLSearchParams({ query: metric.query ?? "", time: String(at / 1000) });
  if (method === "POST") {
    const form = { "content-type": "application/x-www-form-urlencoded" };
    return { method, url: url.href, headers: { ...headers, ...form }, body: fields.toString() };
  }
  for (const [name, value] of fields) url.searchParams.set(name, value);
  return { method, url: url.href, headers };
}

/** What tells one target from another: two polls of the same request never run at once. */
export function targetKey({ url, method, query, body }: MetricTarget): string {
  return JSON.stringify([method, url, query ?? "", body ?? ""]);
}

function queryUrl(base: string): URL {
  const url = new URL(base);
  const path = url.pathname.replace(/\/+$/, "");
  url.pathname = path.endsWith(queryPath) ? path : `${path}${queryPath}`;
  return url;
}

function headersOf(metric: MetricTarget, secret: string | undefined): Record<string, string> {
  const headers: Record<string, string> = { accept: "application/json" };
  let placed = false;
  for (const [name, value] of Object.entries(metric.headers ?? {})) {
    placed ||= value.includes(secretMark);
    headers[name.toLowerCase()] = value.replaceAll(secretMark, secret ?? "");
  }
  if (secret !== undefined && !placed) headers.authorization = `Bearer ${secret}`;
  if (metric.format === "json" && metric.method === "POST") headers["content-type"] ??= "application/json";
  return headers;
}
