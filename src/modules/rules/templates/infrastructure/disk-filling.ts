import * as z from "zod";
import { amount, defineTemplate, minuteMs, minutes, shared } from "../define-template.ts";
import { polled, polling } from "./polled.ts";

export const diskFilling = defineTemplate({
  id: "disk-filling",
  category: "infrastructure",
  title: { en: "Disk filling up", ko: "디스크 용량 부족" },
  description: {
    en: "A file system has little room left. Polls Prometheus for the percentage that is free.",
    ko: "파일 시스템의 여유 공간이 부족합니다. Prometheus에서 여유 공간 비율을 조회합니다.",
  },
  parameters: z.strictObject({
    severity: shared("critical").severity,
    ...polled(
      'min by (instance, mountpoint) (node_filesystem_avail_bytes{fstype!~"tmpfs|overlay"} / node_filesystem_size_bytes) * 100',
    ),
    leastFree: amount(10, "The least free room, in percent; the alert closes 2 points above."),
    forMinutes: minutes(5, "How long it must last"),
  }),
  build: ({ severity, leastFree, forMinutes, ...target }) => ({
    trigger: polling(target),
    condition: {
      kind: "static",
      of: "value",
      open: { op: "<", value: leastFree },
      close: { op: ">", value: leastFree + 2 },
    },
    forMs: forMinutes * minuteMs,
    labels: { severity },
    annotations: { summary: "{{ labels.mountpoint }} of {{ labels.instance }} has {{ value }} % free" },
  }),
  tests: [
    {
      name: "fires for the file system that stays short of room",
      samples: [
        {
          every: "1m",
          series: [
            { labels: { instance: "a", mountpoint: "/" }, values: "9x6 11 13" },
            { labels: { instance: "b", mountpoint: "/" }, values: "60x7" },
          ],
        },
      ],
      expect: [
        {
          at: "4m",
          alerts: [{ labels: { instance: "a", mountpoint: "/", severity: "critical" }, status: "pending" }],
        },
        {
          at: "5m",
          alerts: [
            {
              labels: { instance: "a", mountpoint: "/", severity: "critical" },
              annotations: { summary: "/ of a has 9 % free" },
            },
          ],
        },
        { at: "7m", alerts: [{ labels: { instance: "a", mountpoint: "/", severity: "critical" } }] },
        { at: "8m", alerts: [] },
      ],
    },
  ],
});
