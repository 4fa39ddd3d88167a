import * as z from "zod";
import {
  atLeastOnce,
  defineTemplate,
  eventType,
  groupBy,
  minuteMs,
  shared,
  span,
} from "../define-template.ts";

export const providerRateLimited = defineTemplate({
  id: "provider-rate-limited",
  category: "ai",
  title: { en: "Model provider limits the rate", ko: "모델 공급자의 호출 제한" },
  description: {
    en: "A provider answers 429 again and again. Reads `llm.call` with `provider` and `httpStatus`.",
    ko: "공급자가 429 응답을 반복합니다. `provider`와 `httpStatus`가 있는 `llm.call` 이벤트를 읽습니다.",
  },
  parameters: z.strictObject({
    ...shared("warning"),
    type: eventType("llm.call"),
    groupBy: groupBy("provider"),
    windowMinutes: span(5, "How far back refusals are counted"),
    refusals: atLeastOnce(10, "So many refusals in that time."),
  }),
  build: ({ sourceIds, severity, type, groupBy: field, windowMinutes, refusals }) => ({
    sources: { sourceIds, types: [type], where: "data.httpStatus == 429.0" },
    key: [`data.${field}`],
    keyLabels: [field],
    trigger: {
      kind: "window",
      window: { kind: "continuous", sizeMs: windowMinutes * minuteMs },
      aggregates: { refused: { fn: "count" } },
    },
    condition: { kind: "static", of: "refused", open: { op: ">=", value: refusals } },
    keepFiringMs: windowMinutes * minuteMs,
    labels: { severity },
    annotations: { summary: "{{ key[0] }} refused {{ refused }} calls" },
  }),
  tests: [
    {
      name: "fires at the tenth refusal and recovers for five minutes before it ends",
      events: [
        { at: "0", type: "llm.call", every: "10s", times: 10, data: { provider: "p1", httpStatus: 429 } },
        { at: "0", type: "llm.call", every: "1s", times: 40, data: { provider: "p2", httpStatus: 200 } },
      ],
      expect: [
        { at: "80s", alerts: [] },
        { at: "90s", alerts: [{ labels: { provider: "p1", severity: "warning" } }] },
        { at: "7m", alerts: [{ labels: { provider: "p1", severity: "warning" }, status: "recovering" }] },
        { at: "15m", alerts: [] },
      ],
    },
  ],
});
