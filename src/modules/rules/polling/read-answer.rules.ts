import type { MetricTarget } from "../../../../contracts/rule-metrics.ts";
import type { Json } from "../../../kernel/json.ts";
import { readJson } from "./read-json.rules.ts";
import { readPrometheus } from "./read-prometheus.rules.ts";
import { type Reading, unreadable } from "./reading.ts";

/** What a source answered to a poll. */
export interface PollAnswer {
  readonly status: number;
  readonly text: string;
}

/** The samples of an answer, or why there are none. `at` is the time of the poll, epoch milliseconds. */
export function readAnswer({ status, text }: PollAnswer, metric: MetricTarget, at: number): Reading {
  if (status >= 300 && status < 400) {
    return unreadable(
      `The source answered ${status}, a redirect, which is not followed; give its final address.`,
    );
  }
  const body = jsonOf(text);
  const isGood = status >= 200 && status < 300;
  if (!isGood) return unreadable(`The source answered ${status}${errorOf(body)}.`);
  if (body === undefined) return unreadable("The answer is not JSON.");
  return metric.format === "prometheus"
    ? readPrometheus(body, at, metric.lookbackMs)
    : readJson(body, metric, at);
}

function jsonOf(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** The error that a JSON answer names, as Prometheus and many others do. */
function errorOf(body: Json | undefined): string {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return "";
  const { error } = body as { readonly error?: Json };
  return typeof error === "string" ? `: ${error.slice(0, 300)}` : "";
}
