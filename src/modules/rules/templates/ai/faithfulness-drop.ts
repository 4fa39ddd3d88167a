import * as z from "zod";
import {
  atLeastOnce,
  defineTemplate,
  double,
  eventType,
  groupBy,
  ratio,
  shared,
} from "../define-template.ts";

export const faithfulnessDrop = defineTemplate({
  id: "faithfulness-drop",
  category: "ai",
  title: { en: "Answers leave their sources", ko: "충실도 하락 (환각)" },
  description: {
    en: "The last answers of an application are less faithful to their sources than they should be: a sign of hallucination. Reads `answer.scored` with `application` and `faithfulness` (0 to 1).",
    ko: "최근 답변이 근거 자료에 충실하지 않습니다. 환각의 징후입니다. `application`과 `faithfulness`(0~1)가 있는 `answer.scored` 이벤트를 읽습니다.",
  },
  parameters: z.strictObject({
    ...shared("critical"),
    type: eventType("answer.scored"),
    groupBy: groupBy("application"),
    answers: atLeastOnce(20, "So many of the last answers."),
    least: ratio(0.8, "The least mean faithfulness."),
    margin: ratio(0.05, "So much above the least before the alert closes."),
  }),
  build: ({ sourceIds, severity, type, groupBy: field, answers, least, margin }) => ({
    sources: { sourceIds, types: [type] },
    key: [`data.${field}`],
    keyLabels: [field],
    trigger: {
      kind: "window",
      window: { kind: "count", size: answers, mode: "sliding" },
      aggregates: { mean: { fn: "avg", over: "data.faithfulness" }, answers: { fn: "count" } },
    },
    condition: {
      kind: "expression",
      open: `answers >= ${double(answers)} && mean < ${double(least)}`,
      close: `mean > ${double(least + margin)}`,
    },
    labels: { severity },
    annotations: { summary: "The mean faithfulness of {{ key[0] }} is {{ mean }}" },
  }),
  tests: [
    {
      name: "fires when the last twenty answers are unfaithful on average",
      events: [
        {
          at: "0",
          type: "answer.scored",
          every: "10s",
          times: 20,
          data: { application: "faq", faithfulness: 1 },
        },
        {
          at: "4m",
          type: "answer.scored",
          every: "10s",
          times: 5,
          data: { application: "faq", faithfulness: 0 },
        },
        {
          at: "0",
          type: "answer.scored",
          every: "10s",
          times: 5,
          data: { application: "new", faithfulness: 0 },
        },
        {
          at: "10m",
          type: "answer.scored",
          every: "1s",
          times: 20,
          data: { application: "faq", faithfulness: 1 },
        },
      ],
      expect: [
        { at: "4m30s", alerts: [] },
        {
          at: "4m40s",
          alerts: [
            {
              labels: { application: "faq", severity: "critical" },
              annotations: { summary: "The mean faithfulness of faq is 0.75" },
            },
          ],
        },
        { at: "11m", alerts: [] },
      ],
    },
  ],
});
