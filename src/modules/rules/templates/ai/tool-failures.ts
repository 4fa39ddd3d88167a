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

export const toolFailures = defineTemplate({
  id: "tool-failures",
  category: "ai",
  title: { en: "Tool fails again and again", ko: "연속 도구 실패" },
  description: {
    en: "An agent's calls of tools fail one after the other, with none that succeeds between. Reads `tool.call` with `agent` and `status`.",
    ko: "에이전트의 도구 호출이 중간 성공 없이 연속으로 실패합니다. `agent`와 `status`가 있는 `tool.call` 이벤트를 읽습니다.",
  },
  parameters: z.strictObject({
    ...shared("warning"),
    type: eventType("tool.call"),
    groupBy: groupBy("agent"),
    failures: atLeastOnce(3, "So many failures in a row."),
    withinMinutes: span(10, "From the first to the last, less than this"),
  }),
  build: ({ sourceIds, severity, type, groupBy: field, failures, withinMinutes }) => ({
    sources: { sourceIds, types: [type] },
    key: [`data.${field}`],
    keyLabels: [field],
    trigger: {
      kind: "pattern",
      pattern: {
        steps: [
          {
            kind: "event",
            var: "failed",
            where: 'event.data.status == "error"',
            times: failures,
            consecutive: true,
          },
        ],
        withinMs: withinMinutes * minuteMs,
      },
    },
    outcome: "match",
    labels: { severity },
    annotations: { summary: `${failures} calls of tools of {{ key[0] }} failed in a row` },
  }),
  tests: [
    {
      name: "matches three failures in a row, not three with a success between",
      events: [
        {
          at: "0",
          type: "tool.call",
          every: "1m",
          data: { agent: "a1" },
          each: ["ok", "error", "error", "error", "ok"].map((status) => ({ status })),
        },
        {
          at: "0",
          type: "tool.call",
          every: "1m",
          data: { agent: "a2" },
          each: ["error", "error", "ok", "error", "error"].map((status) => ({ status })),
        },
      ],
      expect: [
        {
          at: "10m",
          matches: [
            {
              labels: { agent: "a1", severity: "warning" },
              at: "3m",
              annotations: { summary: "3 calls of tools of a1 failed in a row" },
            },
          ],
        },
      ],
    },
  ],
});
