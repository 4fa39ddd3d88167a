import * as z from "zod";
import { amount, defineTemplate, eventType, groupBy, minuteMs, shared, span } from "../define-template.ts";

export const tokenCostBurn = defineTemplate({
  id: "token-cost-burn",
  category: "ai",
  title: { en: "Token cost burn", ko: "토큰 비용 급증" },
  description: {
    en: "Calls of models cost more within an hour than a project may spend. Reads `llm.call` with `project` and `costMicros` (millionths of a currency unit).",
    ko: "한 시간 동안 모델 호출 비용이 프로젝트 한도를 넘습니다. `project`와 `costMicros`(통화 단위의 100만분의 1)가 있는 `llm.call` 이벤트를 읽습니다.",
  },
  parameters: z.strictObject({
    ...shared("critical"),
    type: eventType("llm.call"),
    groupBy: groupBy("project"),
    windowMinutes: span(60, "How far back costs are added up"),
    limitMicros: amount(10_000_000, "What may be spent in that time, in millionths of a currency unit."),
  }),
  build: ({ sourceIds, severity, type, groupBy: field, windowMinutes, limitMicros }) => ({
    sources: { sourceIds, types: [type] },
    key: [`data.${field}`],
    keyLabels: [field],
    trigger: {
      kind: "window",
      window: { kind: "continuous", sizeMs: windowMinutes * minuteMs },
      aggregates: { spent: { fn: "sum", over: "data.costMicros" } },
    },
    condition: { kind: "static", of: "spent", open: { op: ">", value: limitMicros } },
    labels: { severity },
    annotations: {
      summary: "{{ key[0] }} spent {{ spent / 1000000.0 }} on model calls",
    },
  }),
  tests: [
    {
      name: "fires when an hour costs more than the limit, and ends when the calls are an hour old",
      events: [
        {
          at: "0",
          type: "llm.call",
          every: "10m",
          times: 3,
          data: { project: "shop", costMicros: 4_000_000 },
        },
        { at: "5m", type: "llm.call", data: { project: "lab", costMicros: 9_000_000 } },
      ],
      expect: [
        { at: "15m", alerts: [] },
        {
          at: "21m",
          alerts: [
            {
              labels: { project: "shop", severity: "critical" },
              annotations: { summary: "shop spent 12 on model calls" },
            },
          ],
        },
        { at: "1h30m", alerts: [] },
      ],
    },
  ],
});
