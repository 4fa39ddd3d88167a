import * as z from "zod";
import { defineTemplate, eventType, groupBy, minuteMs, shared } from "../define-template.ts";

export const silentAgent = defineTemplate({
  id: "silent-agent",
  category: "ai",
  title: { en: "Silent agent", ko: "응답 없는 에이전트" },
  description: {
    en: "An agent that sent heartbeats has stopped. Reads `agent.heartbeat` with `agent`; the first one makes it known.",
    ko: "하트비트를 보내던 에이전트가 멈췄습니다. `agent`가 있는 `agent.heartbeat` 이벤트를 읽으며, 첫 하트비트부터 감시합니다.",
  },
  parameters: z.strictObject({
    ...shared("critical"),
    type: eventType("agent.heartbeat"),
    groupBy: groupBy("agent"),
    silentMinutes: z.int().min(1).max(10_080).default(10).describe("Silence that is too long, in minutes."),
  }),
  build: ({ sourceIds, severity, type, groupBy: field, silentMinutes }) => ({
    sources: { sourceIds, types: [type] },
    key: [`data.${field}`],
    keyLabels: [field],
    trigger: { kind: "filter" },
    condition: { kind: "expression", open: "false" },
    noData: { use: "alert", afterMs: silentMinutes * minuteMs },
    ttlMs: Math.max(86_400_000, 2 * silentMinutes * minuteMs),
    labels: { severity },
    annotations: { summary: `{{ key[0] }} has been silent for ${silentMinutes} minutes` },
  }),
  tests: [
    {
      name: "fires after ten silent minutes and ends with the next heartbeat",
      events: [
        { at: "0", type: "agent.heartbeat", every: "1m", times: 5, data: { agent: "a1" } },
        { at: "0", type: "agent.heartbeat", every: "1m", times: 30, data: { agent: "a2" } },
        { at: "20m", type: "agent.heartbeat", data: { agent: "a1" } },
      ],
      expect: [
        { at: "13m", alerts: [] },
        {
          at: "15m",
          alerts: [
            {
              labels: { agent: "a1", severity: "critical" },
              annotations: { summary: "a1 has been silent for 10 minutes" },
            },
          ],
        },
        { at: "21m", alerts: [] },
      ],
    },
  ],
});
