import { labelsKey } from "./promql-aggregate.ts";
import { evaluate } from "./promql-evaluate.ts";
import { durationMs, PromqlError } from "./promql-lexer.ts";
import { type Expression, parsePromql } from "./promql-parser.ts";
import { ExecutionError, type Labels, type Source, type Value } from "./promql-values.ts";

export interface PrometheusAnswer {
  readonly status: number;
  readonly body: unknown;
}

class BadParameter extends Error {
  constructor(name: string, why: string) {
    super(`invalid parameter "${name}": ${why}`);
  }
}

const mostPoints = 11_000;

const number = (value: number) =>
  Number.isFinite(value) ? `${value}` : Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";

function instantIn(query: URLSearchParams, name: string, fallback?: number): number {
  const text = query.get(name);
  if (text === null || text === "") {
    if (fallback !== undefined) return fallback;
    throw new BadParameter(name, `cannot parse "" to a valid timestamp`);
  }
  const ms = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text);
  if (Number.isNaN(ms)) throw new BadParameter(name, `cannot parse "${text}" to a valid timestamp`);
  return ms;
}

function stepIn(query: URLSearchParams): number {
  const text = query.get("step") ?? "";
  const ms = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : durationMs(text);
  if (ms === undefined) throw new BadParameter("step", `cannot parse "${text}" to a valid duration`);
  if (ms <= 0)
    throw new BadParameter(
      "step",
      "zero or negative query resolution step widths are not accepted. Try a positive integer",
    );
  return ms;
}

function parsed(query: URLSearchParams): Expression {
  try {
    return parsePromql(query.get("query") ?? "");
  } catch (error) {
    if (error instanceof PromqlError) throw new BadParameter("query", error.message);
    throw error;
  }
}

function instantResult(value: Value, atMs: number): unknown {
  const at = atMs / 1000;
  if (value.type === "scalar") return { resultType: "scalar", result: [at, number(value.value)] };
  if (value.type === "string") return { resultType: "string", result: [at, value.value] };
  if (value.type === "vector")
    return {
      resultType: "vector",
      result: value.samples.map((one) => ({ metric: one.labels, value: [at, number(one.value)] })),
    };
  const result = value.ranges.map(({ series, fromMs, toMs }) => {
    const values: [number, string][] = [];
    for (let ms = Math.ceil(fromMs / 15_000) * 15_000; ms <= toMs; ms += 15_000) {
      const there = series.at(ms);
      if (there !== undefined) values.push([ms / 1000, number(there)]);
    }
    return { metric: series.labels, values };
  });
  return { resultType: "matrix", result: result.filter(({ values }) => values.length > 0) };
}

/** `/api/v1/query`. */
function answerInstant(query: URLSearchParams, source: Source, now: number): unknown {
  const atMs = instantIn(query, "time", now);
  return instantResult(evaluate(parsed(query), source, atMs), atMs);
}

/** `/api/v1/query_range`. */
function answerRange(query: URLSearchParams, source: Source): unknown {
  const start = instantIn(query, "start");
  const end = instantIn(query, "end");
  if (end < start) throw new BadParameter("end", "end timestamp must not be before start time");
  const step = stepIn(query);
  if ((end - start) / step > mostPoints)
    throw new ExecutionError(
      "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)",
    );
  const expression = parsed(query);
  const found = new Map<string, { metric: Labels; values: [number, string][] }>();
  for (let ms = start; ms <= end; ms += step) {
    const value = evaluate(expression, source, ms);
    if (value.type === "string" || value.type === "matrix")
      throw new ExecutionError("invalid expression type for range query, must be Scalar or instant Vector");
    const samples = value.type === "scalar" ? [{ labels: {}, value: value.value }] : value.samples;
    for (const sample of samples) {
      const key = labelsKey(sample.labels);
      const series = found.get(key) ?? { metric: sample.labels, values: [] };
      found.set(key, series);
      series.values.push([ms / 1000, number(sample.value)]);
    }
  }
  return { resultType: "matrix", result: [...found.values()] };
}

/** What Prometheus answers to a query, refusals included. */
export function answerQuery(
  kind: "query" | "query_range",
  query: URLSearchParams,
  source: Source,
  now: number,
): PrometheusAnswer {
  try {
    const data = kind === "query" ? answerInstant(query, source, now) : answerRange(query, source);
    return { status: 200, body: { status: "success", data } };
  } catch (error) {
    if (error instanceof BadParameter || error instanceof ExecutionError)
      return { status: 400, body: { status: "error", errorType: "bad_data", error: error.message } };
    throw error;
  }
}
