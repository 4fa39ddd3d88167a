import * as z from "zod";
import type { EvaluationCase } from "../../../../contracts/evaluation-case.ts";
import { defineMetric, notApplicable, scored } from "../metric.ts";

const options = z.strictObject({});

/**
 * The 95th percentile of the turn latencies of a case in milliseconds, linear between ranks; lower is better. Read from
 * `metadata.latencyMs` (a number or a list, `latency_ms` too) or that member of the entries of `metadata.messages`;
 * `no_latency` without any. Source: EvalVault turn latency; Hyndman and Fan 1996, type 7.
 */
export const turnLatencyP95 = defineMetric({
  name: "turn_latency_p95",
  title: { en: "Turn latency p95 (ms)", ko: "턴 지연 p95 (ms)" },
  family: "conversation",
  direction: "lower",
  range: [0, Number.MAX_SAFE_INTEGER],
  needs: [],
  usesJudge: false,
  usesEmbeddings: false,
  source: "EvalVault turn_latency_p95; Hyndman and Fan 1996, type 7",
  options,
  score(evaluationCase) {
    const latencies = latenciesOf(evaluationCase);
    if (latencies.length === 0) return notApplicable("no_latency");
    const sorted = latencies.toSorted((a, b) => a - b);
    const place = 0.95 * (sorted.length - 1);
    const lower = sorted[Math.floor(place)] ?? 0;
    const upper = sorted[Math.ceil(place)] ?? lower;
    return scored(lower + (upper - lower) * (place - Math.floor(place)), [
      { kind: "latencies", data: { count: sorted.length } },
    ]);
  },
});

function latenciesOf({ metadata }: EvaluationCase): number[] {
  const own = numbersIn(metadata.latencyMs ?? metadata.latency_ms);
  if (own.length > 0) return own;
  const messages: unknown = metadata.messages;
  return Array.isArray(messages) ? messages.flatMap((message) => numbersIn(memberOf(message))) : [];
}

function memberOf(message: unknown): unknown {
  if (typeof message !== "object" || message === null) return undefined;
  const fields = message as Readonly<Record<string, unknown>>;
  return (
    fields.latencyMs ??
    fields.latency_ms ??
    (fields.metadata === undefined ? undefined : memberOf(fields.metadata))
  );
}

function numbersIn(value: unknown): number[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.filter(
    (item): item is number => typeof item === "number" && Number.isFinite(item) && item >= 0,
  );
}
