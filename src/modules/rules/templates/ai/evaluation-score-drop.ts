import * as z from "zod";
import { amount, defineTemplate, eventType, shared } from "../define-template.ts";

export const evaluationScoreDrop = defineTemplate({
  id: "evaluation-score-drop",
  category: "ai",
  title: { en: "Evaluation score drops", ko: "평가 점수 하락" },
  description: {
    en: "A run scores far below the runs before it, by the median absolute deviation. Reads `evaluation.scored` with `dataset`, `metric` and `score`.",
    ko: "평가 실행의 점수가 이전 실행들보다 크게 낮습니다(중앙값 절대 편차 기준). `dataset`, `metric`, `score`가 있는 `evaluation.scored` 이벤트를 읽습니다.",
  },
  parameters: z.strictObject({
    ...shared("critical"),
    type: eventType("evaluation.scored"),
    runs: z.int().min(5).max(1_000).default(30).describe("So many past runs make what is usual."),
    score: amount(3.5, "How many scaled deviations below the median."),
    leastChange: amount(0.02, "A smaller drop is never an anomaly."),
  }),
  build: ({ sourceIds, severity, type, runs, score, leastChange }) => ({
    sources: { sourceIds, types: [type] },
    key: ["data.dataset", "data.metric"],
    keyLabels: ["dataset", "metric"],
    trigger: { kind: "filter", value: "data.score" },
    condition: {
      kind: "mad",
      of: "value",
      side: "below",
      points: runs,
      minPoints: 5,
      score,
      minChange: leastChange,
    },
    ttlMs: 90 * 86_400_000,
    labels: { severity },
    annotations: { summary: "{{ key[1] }} on {{ key[0] }} is {{ value }}, below what is usual" },
  }),
  tests: [
    {
      name: "fires when a run scores far below the others",
      events: [
        {
          at: "0",
          type: "evaluation.scored",
          every: "1h",
          data: { dataset: "bank", metric: "faithfulness" },
          each: [0.9, 0.91, 0.89, 0.9, 0.92, 0.9, 0.88, 0.6, 0.9].map((score) => ({ score })),
        },
      ],
      expect: [
        { at: "6h30m", alerts: [] },
        {
          at: "7h",
          alerts: [
            {
              labels: { dataset: "bank", metric: "faithfulness", severity: "critical" },
              annotations: { summary: "faithfulness on bank is 0.6, below what is usual" },
            },
          ],
        },
        { at: "8h", alerts: [] },
      ],
    },
  ],
});
