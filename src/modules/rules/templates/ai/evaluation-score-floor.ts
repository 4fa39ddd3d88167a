import * as z from "zod";
import { defineTemplate, eventType, ratio, shared } from "../define-template.ts";

export const evaluationScoreFloor = defineTemplate({
  id: "evaluation-score-floor",
  category: "ai",
  title: { en: "Evaluation score below its floor", ko: "평가 점수 하한 미달" },
  description: {
    en: "A run scores below a fixed floor. Reads `evaluation.scored` with `dataset`, `metric` and `score`.",
    ko: "평가 점수가 정해진 하한보다 낮습니다. `dataset`, `metric`, `score`가 있는 `evaluation.scored` 이벤트를 읽습니다.",
  },
  parameters: z.strictObject({
    ...shared("critical"),
    type: eventType("evaluation.scored"),
    floor: ratio(0.7, "The least score."),
  }),
  build: ({ sourceIds, severity, type, floor }) => ({
    sources: { sourceIds, types: [type] },
    key: ["data.dataset", "data.metric"],
    keyLabels: ["dataset", "metric"],
    trigger: { kind: "filter", value: "data.score" },
    condition: { kind: "static", of: "value", open: { op: "<", value: floor } },
    labels: { severity },
    annotations: { summary: "{{ key[1] }} on {{ key[0] }} is {{ value }}" },
  }),
  tests: [
    {
      name: "fires below the floor, not at it",
      events: [
        {
          at: "0",
          type: "evaluation.scored",
          every: "1h",
          data: { dataset: "bank", metric: "relevance" },
          each: [{ score: 0.7 }, { score: 0.69 }, { score: 0.8 }],
        },
      ],
      expect: [
        { at: "30m", alerts: [] },
        { at: "1h", alerts: [{ labels: { dataset: "bank", metric: "relevance", severity: "critical" } }] },
        { at: "2h", alerts: [] },
      ],
    },
  ],
});
