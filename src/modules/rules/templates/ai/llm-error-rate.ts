import * as z from "zod";
import {
  atLeastOnce,
  defineTemplate,
  double,
  eventType,
  groupBy,
  minuteMs,
  ratio,
  shared,
  span,
} from "../define-template.ts";

export const llmErrorRate = defineTemplate({
  id: "llm-error-rate",
  category: "ai",
  title: { en: "Error rate of model calls", ko: "모델 호출 오류율" },
  description: {
    en: "Too large a share of a model's calls fails. Reads `llm.call` with `model` and `status` (`ok` or `error`).",
    ko: "모델 호출 중 실패 비율이 높습니다. `model`과 `status`(`ok` 또는 `error`)가 있는 `llm.call` 이벤트를 읽습니다.",
  },
  parameters: z.strictObject({
    ...shared("critical"),
    type: eventType("llm.call"),
    groupBy: groupBy("model"),
    windowMinutes: span(5, "How far back calls are counted"),
    rate: ratio(0.05, "The share of failed calls that opens the alert; it closes at half of it."),
    leastCalls: atLeastOnce(20, "With fewer calls nothing is said."),
  }),
  build: ({ sourceIds, severity, type, groupBy: field, windowMinutes, rate, leastCalls }) => ({
    sources: { sourceIds, types: [type] },
    key: [`data.${field}`],
    keyLabels: [field],
    trigger: {
      kind: "window",
      window: { kind: "continuous", sizeMs: windowMinutes * minuteMs },
      aggregates: { calls: { fn: "count" }, errors: { fn: "count", where: 'data.status == "error"' } },
    },
    condition: {
      kind: "expression",
      open: `calls >= ${double(leastCalls)} && errors / calls > ${double(rate)}`,
      close: `calls < ${double(leastCalls)} || errors / calls < ${double(rate / 2)}`,
    },
    labels: { severity },
    annotations: { summary: "{{ errors }} of {{ calls }} calls of {{ key[0] }} failed" },
  }),
  tests: [
    {
      name: "fires above the rate once there are enough calls",
      events: [
        { at: "0", type: "llm.call", every: "5s", times: 19, data: { model: "m1", status: "ok" } },
        { at: "95s", type: "llm.call", every: "1s", times: 2, data: { model: "m1", status: "error" } },
        { at: "0", type: "llm.call", every: "10s", times: 10, data: { model: "m2", status: "error" } },
      ],
      expect: [
        { at: "90s", alerts: [] },
        {
          at: "2m",
          alerts: [
            {
              labels: { model: "m1", severity: "critical" },
              annotations: { summary: "2 of 21 calls of m1 failed" },
            },
          ],
        },
        { at: "10m", alerts: [] },
      ],
    },
  ],
});
