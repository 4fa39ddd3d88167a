import * as z from "zod";
import { defineTemplate, eventType, groupBy, ratio, shared } from "../define-template.ts";

export const quotaNearExhaustion = defineTemplate({
  id: "quota-near-exhaustion",
  category: "ai",
  title: { en: "Quota nearly used up", ko: "할당량 소진 임박" },
  description: {
    en: "A project has used most of its quota. Reads `quota.usage` with `project`, `used` and `limit`.",
    ko: "프로젝트가 할당량을 거의 다 썼습니다. `project`, `used`, `limit`이 있는 `quota.usage` 이벤트를 읽습니다.",
  },
  parameters: z.strictObject({
    ...shared("warning"),
    type: eventType("quota.usage"),
    groupBy: groupBy("project"),
    share: ratio(0.9, "The share that is used when the alert opens."),
    closeShare: ratio(0.8, "The share below which it closes."),
  }),
  build: ({ sourceIds, severity, type, groupBy: field, share, closeShare }) => ({
    sources: { sourceIds, types: [type], where: "data.limit > 0.0" },
    key: [`data.${field}`],
    keyLabels: [field],
    trigger: { kind: "filter", value: "data.used / data.limit" },
    condition: {
      kind: "static",
      of: "value",
      open: { op: ">=", value: share },
      close: { op: "<", value: Math.min(share, closeShare) },
    },
    labels: { severity },
    annotations: { summary: "{{ key[0] }} has used {{ value * 100.0 }} % of its quota" },
  }),
  tests: [
    {
      name: "opens at nine tenths and closes below eight",
      events: [
        {
          at: "0",
          type: "quota.usage",
          every: "1h",
          data: { project: "shop", limit: 1000 },
          each: [{ used: 850 }, { used: 900 }, { used: 820 }, { used: 100 }],
        },
        { at: "0", type: "quota.usage", data: { project: "none", limit: 0, used: 5 } },
      ],
      expect: [
        { at: "30m", alerts: [] },
        {
          at: "1h",
          alerts: [
            {
              labels: { project: "shop", severity: "warning" },
              annotations: { summary: "shop has used 90 % of its quota" },
            },
          ],
        },
        { at: "2h", alerts: [{ labels: { project: "shop", severity: "warning" } }] },
        { at: "3h", alerts: [] },
      ],
    },
  ],
});
