import * as z from "zod";
import { atLeastOnce, defineTemplate, eventType, minuteMs, shared, span } from "../define-template.ts";

export const agentLoop = defineTemplate({
  id: "agent-loop",
  category: "ai",
  title: { en: "Agent goes round in circles", ko: "에이전트 무한 반복" },
  description: {
    en: "An agent calls the same tool with the same arguments over and over in one session. Reads `tool.call` with `session`, `tool` and `argumentsHash`.",
    ko: "에이전트가 한 세션에서 같은 도구를 같은 인자로 반복 호출합니다. `session`, `tool`, `argumentsHash`가 있는 `tool.call` 이벤트를 읽습니다.",
  },
  parameters: z.strictObject({
    ...shared("warning"),
    type: eventType("tool.call"),
    repeats: atLeastOnce(5, "So many calls that are the same."),
    windowMinutes: span(5, "Within this time"),
  }),
  build: ({ sourceIds, severity, type, repeats, windowMinutes }) => ({
    sources: { sourceIds, types: [type] },
    key: ["data.session", "data.tool", "data.argumentsHash"],
    keyLabels: ["session", "tool", "arguments"],
    trigger: {
      kind: "window",
      window: { kind: "continuous", sizeMs: windowMinutes * minuteMs },
      aggregates: { calls: { fn: "count" } },
    },
    condition: { kind: "static", of: "calls", open: { op: ">=", value: repeats } },
    ttlMs: 3_600_000,
    labels: { severity },
    annotations: {
      summary: "Session {{ key[0] }} called {{ key[1] }} {{ calls }} times with the same arguments",
    },
  }),
  tests: [
    {
      name: "fires at the fifth call that is the same",
      events: [
        {
          at: "0",
          type: "tool.call",
          every: "20s",
          times: 5,
          data: { session: "s1", tool: "search", argumentsHash: "h1" },
        },
        {
          at: "0",
          type: "tool.call",
          every: "20s",
          data: { session: "s2", tool: "search" },
          each: ["h1", "h2", "h3", "h4", "h5"].map((argumentsHash) => ({ argumentsHash })),
        },
      ],
      expect: [
        { at: "60s", alerts: [] },
        {
          at: "80s",
          alerts: [{ labels: { session: "s1", tool: "search", arguments: "h1", severity: "warning" } }],
        },
        { at: "10m", alerts: [] },
      ],
    },
  ],
});
