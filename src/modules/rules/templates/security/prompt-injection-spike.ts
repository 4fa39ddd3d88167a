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

export const promptInjectionSpike = defineTemplate({
  id: "prompt-injection-spike",
  category: "security",
  title: { en: "Prompt injections pile up", ko: "프롬프트 주입 급증" },
  description: {
    en: "A guard finds many prompt injections in a short time. Reads `guard.verdict` with `application` and `verdict` (`prompt_injection`).",
    ko: "짧은 시간에 프롬프트 주입이 많이 발견됩니다. `application`과 `verdict`(`prompt_injection`)가 있는 `guard.verdict` 이벤트를 읽습니다.",
  },
  parameters: z.strictObject({
    ...shared("critical"),
    type: eventType("guard.verdict"),
    groupBy: groupBy("application"),
    windowMinutes: span(10, "How far back findings are counted"),
    findings: atLeastOnce(5, "So many findings in that time."),
  }),
  build: ({ sourceIds, severity, type, groupBy: field, windowMinutes, findings }) => ({
    sources: { sourceIds, types: [type], where: 'data.verdict == "prompt_injection"' },
    key: [`data.${field}`],
    keyLabels: [field],
    trigger: {
      kind: "window",
      window: { kind: "continuous", sizeMs: windowMinutes * minuteMs },
      aggregates: { findings: { fn: "count" } },
    },
    condition: { kind: "static", of: "findings", open: { op: ">=", value: findings } },
    labels: { severity },
    annotations: { summary: "{{ findings }} prompt injections against {{ key[0] }}" },
  }),
  tests: [
    {
      name: "fires at the fifth finding within ten minutes",
      events: [
        {
          at: "0",
          type: "guard.verdict",
          every: "2m",
          times: 5,
          data: { application: "chat", verdict: "prompt_injection" },
        },
        {
          at: "0",
          type: "guard.verdict",
          every: "1m",
          times: 9,
          data: { application: "chat", verdict: "clean" },
        },
        {
          at: "0",
          type: "guard.verdict",
          every: "4m",
          times: 5,
          data: { application: "slow", verdict: "prompt_injection" },
        },
      ],
      expect: [
        { at: "6m", alerts: [] },
        { at: "8m", alerts: [{ labels: { application: "chat", severity: "critical" } }] },
        { at: "30m", alerts: [] },
      ],
    },
  ],
});
