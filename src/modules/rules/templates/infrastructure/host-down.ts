import * as z from "zod";
import { defineTemplate, minuteMs, minutes, shared } from "../define-template.ts";
import { polled, polling } from "./polled.ts";

export const hostDown = defineTemplate({
  id: "host-down",
  category: "infrastructure",
  title: { en: "Host down", ko: "호스트 다운" },
  description: {
    en: "A host does not answer, or its series is gone. Polls Prometheus for `up`.",
    ko: "호스트가 응답하지 않거나 지표가 사라졌습니다. Prometheus의 `up`을 조회합니다.",
  },
  parameters: z.strictObject({
    severity: shared("critical").severity,
    ...polled("up"),
    forMinutes: minutes(2, "How long it must be down"),
    goneMinutes: minutes(5, "A host whose series is gone for so long counts as down"),
  }),
  build: ({ severity, forMinutes, goneMinutes, ...target }) => ({
    trigger: polling(target),
    condition: { kind: "static", of: "value", open: { op: "==", value: 0 } },
    forMs: forMinutes * minuteMs,
    noData: { use: "alert", afterMs: goneMinutes * minuteMs },
    labels: { severity },
    annotations: { summary: "{{ 'instance' in labels ? labels.instance : 'Every host' }} is down" },
  }),
  tests: [
    {
      name: "fires when it is down for two minutes",
      samples: [
        {
          every: "1m",
          series: [
            { labels: { instance: "a" }, values: "1 0x3 1x10" },
            { labels: { instance: "b" }, values: "1x14" },
          ],
        },
      ],
      expect: [
        { at: "2m", alerts: [{ labels: { instance: "a", severity: "critical" }, status: "pending" }] },
        {
          at: "3m",
          alerts: [
            {
              labels: { instance: "a", severity: "critical" },
              annotations: { summary: "a is down" },
            },
          ],
        },
        { at: "6m", alerts: [] },
      ],
    },
    {
      name: "fires when its series is gone",
      samples: [{ every: "1m", series: [{ labels: { instance: "a" }, values: "1x2 _x9" }] }],
      expect: [
        { at: "2m", alerts: [] },
        { at: "11m", alerts: [{ labels: { instance: "a", severity: "critical" } }] },
      ],
    },
  ],
});
