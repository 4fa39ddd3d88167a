import * as z from "zod";
import {
  amount,
  defineTemplate,
  eventType,
  groupBy,
  minuteMs,
  minutes,
  ratio,
  shared,
  span,
} from "../define-template.ts";

export const llmLatency = defineTemplate({
  id: "llm-latency",
  category: "ai",
  title: { en: "Latency of model calls (p95)", ko: "모델 호출 지연 (p95)" },
  description: {
    en: "The slowest calls of a model take too long for some minutes. Reads `llm.call` with `model` and `latencyMs`.",
    ko: "모델 호출의 상위 지연이 몇 분 동안 한도를 넘습니다. `model`과 `latencyMs`가 있는 `llm.call` 이벤트를 읽습니다.",
  },
  parameters: z.strictObject({
    ...shared("warning"),
    type: eventType("llm.call"),
    groupBy: groupBy("model"),
    windowMinutes: span(5, "How far back calls are looked at"),
    quantile: ratio(0.95, "Which quantile of the latencies is watched."),
    limitMs: amount(5_000, "The latency that is too long, in milliseconds; the alert closes 20 % below."),
    forMinutes: minutes(2, "How long it must last"),
  }),
  build: ({ sourceIds, severity, type, groupBy: field, windowMinutes, quantile, limitMs, forMinutes }) => ({
    sources: { sourceIds, types: [type] },
    key: [`data.${field}`],
    keyLabels: [field],
    trigger: {
      kind: "window",
      window: { kind: "continuous", sizeMs: windowMinutes * minuteMs },
      aggregates: { latency: { fn: "quantile", q: quantile, over: "data.latencyMs" } },
    },
    condition: {
      kind: "static",
      of: "latency",
      open: { op: ">", value: limitMs },
      close: { op: "<", value: limitMs * 0.8 },
    },
    forMs: forMinutes * minuteMs,
    labels: { severity },
    annotations: { summary: "{{ key[0] }} takes {{ latency }} ms" },
  }),
  tests: [
    {
      name: "fires when it stays slow, not when one call is",
      events: [
        { at: "0", type: "llm.call", every: "10s", times: 30, data: { model: "m1", latencyMs: 900 } },
        { at: "4m15s", type: "llm.call", data: { model: "m1", latencyMs: 60_000 } },
        { at: "0", type: "llm.call", every: "30s", times: 10, data: { model: "m2", latencyMs: 9_000 } },
      ],
      expect: [
        { at: "1m", alerts: [{ labels: { model: "m2", severity: "warning" }, status: "pending" }] },
        { at: "4m20s", alerts: [{ labels: { model: "m2", severity: "warning" } }] },
      ],
    },
  ],
});
