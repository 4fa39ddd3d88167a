import type { MeterPort } from "../../kernel/ports/meter.ts";

const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** What a request looked like from outside. `route` is the pattern that served it; absent when nothing matched. */
export interface AnsweredRequest {
  readonly method: string;
  readonly route?: string;
  readonly status: number;
  readonly seconds: number;
}

/** Counts a request and times it, under labels that callers can't invent. */
export function recordRequest(meter: MeterPort, request: AnsweredRequest): void {
  const method = methods.includes(request.method) ? request.method : "OTHER";
  const route = request.route ?? "unmatched";
  meter.count("maru_http_requests_total", { method, route, status: String(request.status) });
  meter.observe("maru_http_request_duration_seconds", request.seconds, { method, route });
}
