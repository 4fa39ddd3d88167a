import * as z from "zod";
import { amount, defineTemplate, eventType, groupBy, minuteMs, shared, span } from "../define-template.ts";

export const tokenUsageSpike = defineTemplate({
  id: "token-usage-spike",
  category: "ai",
  title: { en: "Unusual token usage", ko: "토큰 사용량 이상" },
  description: {
    en: "Far more tokens than usual, by what the last hours were like. Reads `llm.call` with `project` and `tokens`.",
    ko: "최근 추세에 비해 토큰 사용량이 크게 늘었습니다. `project`와 `tokens`가 있는 `llm.call` 이벤트를 읽습니다.",
  },
  parameters: z.strictObject({
    ...shared("warning"),
    type: eventType("llm.call"),
    groupBy: groupBy("project"),
    windowMinutes: span(15, "The stretch whose tokens are added up"),
    halfLifeMinutes: span(240, "After this long a past stretch counts half"),
    score: amount(4, "How many standard deviations above the usual."),
    leastChange: amount(1_000, "Fewer tokens above the usual are never an anomaly."),
  }),
  build: ({ sourceIds, severity, type, groupBy: field, ...set }) => ({
    sources: { sourceIds, types: [type] },
    key: [`data.${field}`],
    keyLabels: [field],
    trigger: {
      kind: "window",
      window: { kind: "tumbling", sizeMs: set.windowMinutes * minuteMs },
      aggregates: { tokens: { fn: "sum", over: "data.tokens" } },
    },
    condition: {
      kind: "ewma",
      of: "tokens",
      side: "above",
      halfLifeMs: set.halfLifeMinutes * minuteMs,
      score: set.score,
      minChange: set.leastChange,
    },
    labels: { severity },
    annotations: { summary: "{{ key[0] }} used {{ tokens }} tokens, far more than usual" },
  }),
  tests: [
    {
      name: "fires when a stretch is far above those before it",
      events: [
        {
          at: "1m",
          type: "llm.call",
          every: "15m",
          data: { project: "shop" },
          each: [
            ...[500, 520, 480, 510, 490, 505, 495, 515, 485, 500, 510, 490].map((tokens) => ({ tokens })),
            { tokens: 9_000 },
            { tokens: 500 },
          ],
        },
      ],
      expect: [
        { at: "3h", alerts: [] },
        { at: "3h16m", alerts: [{ labels: { project: "shop", severity: "warning" } }] },
        { at: "4h", alerts: [] },
      ],
    },
  ],
});
