import * as z from "zod";
import { amount, defineTemplate, eventType, groupBy, minuteMs, minutes, shared } from "../define-template.ts";

export const queueBacklog = defineTemplate({
  id: "queue-backlog",
  category: "ai",
  title: { en: "Queue backlog", ko: "작업 대기열 적체" },
  description: {
    en: "More work waits in a queue than it should for some minutes. Reads `queue.depth` with `queue` and `waiting`.",
    ko: "대기열의 작업이 몇 분 동안 기준보다 많이 쌓여 있습니다. `queue`와 `waiting`이 있는 `queue.depth` 이벤트를 읽습니다.",
  },
  parameters: z.strictObject({
    ...shared("warning"),
    type: eventType("queue.depth"),
    groupBy: groupBy("queue"),
    waiting: amount(1_000, "So many waiting; the alert closes at half of it."),
    forMinutes: minutes(5, "How long it must last"),
  }),
  build: ({ sourceIds, severity, type, groupBy: field, waiting, forMinutes }) => ({
    sources: { sourceIds, types: [type] },
    key: [`data.${field}`],
    keyLabels: [field],
    trigger: { kind: "filter", value: "data.waiting" },
    condition: {
      kind: "static",
      of: "value",
      open: { op: ">", value: waiting },
      close: { op: "<=", value: waiting / 2 },
    },
    forMs: forMinutes * minuteMs,
    labels: { severity },
    annotations: { summary: "{{ value }} wait in {{ key[0] }}" },
  }),
  tests: [
    {
      name: "fires after five minutes, and closes at half",
      events: [
        {
          at: "0",
          type: "queue.depth",
          every: "1m",
          data: { queue: "work" },
          each: [900, 1200, 1300, 1500, 1400, 1600, 1500, 800, 400].map((waiting) => ({ waiting })),
        },
      ],
      expect: [
        { at: "5m", alerts: [{ labels: { queue: "work", severity: "warning" }, status: "pending" }] },
        { at: "6m", alerts: [{ labels: { queue: "work", severity: "warning" } }] },
        { at: "7m", alerts: [{ labels: { queue: "work", severity: "warning" } }] },
        { at: "8m", alerts: [] },
      ],
    },
  ],
});
