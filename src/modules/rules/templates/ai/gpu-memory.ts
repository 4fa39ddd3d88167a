import * as z from "zod";
import { defineTemplate, eventType, minuteMs, ratio, shared, span } from "../define-template.ts";

export const gpuMemory = defineTemplate({
  id: "gpu-memory",
  category: "ai",
  title: { en: "GPU memory nearly full", ko: "GPU 메모리 부족" },
  description: {
    en: "The memory of a GPU is nearly full on average. Reads `gpu.sample` with `host`, `gpu`, `memoryUsed` and `memoryTotal` (bytes).",
    ko: "GPU 메모리 평균 사용률이 높습니다. `host`, `gpu`, `memoryUsed`, `memoryTotal`(바이트)이 있는 `gpu.sample` 이벤트를 읽습니다.",
  },
  parameters: z.strictObject({
    ...shared("warning"),
    type: eventType("gpu.sample"),
    windowMinutes: span(5, "How far back samples are averaged"),
    share: ratio(0.95, "The share that is used when the alert opens; it closes 5 points below."),
  }),
  build: ({ sourceIds, severity, type, windowMinutes, share }) => ({
    sources: { sourceIds, types: [type], where: "data.memoryTotal > 0.0" },
    key: ["data.host", "data.gpu"],
    keyLabels: ["host", "gpu"],
    trigger: {
      kind: "window",
      window: { kind: "continuous", sizeMs: windowMinutes * minuteMs },
      aggregates: {
        used: { fn: "avg", over: "data.memoryUsed / data.memoryTotal" },
        samples: { fn: "count" },
      },
    },
    condition: {
      kind: "static",
      of: "used",
      open: { op: ">", value: share },
      close: { op: "<", value: share - 0.05 },
    },
    forMs: minuteMs,
    labels: { severity },
    annotations: { summary: "GPU {{ key[1] }} of {{ key[0] }} has used {{ used * 100.0 }} % of its memory" },
  }),
  tests: [
    {
      name: "fires when the memory stays nearly full for a minute",
      events: [
        {
          at: "0",
          type: "gpu.sample",
          every: "30s",
          times: 4,
          data: { host: "h1", gpu: 0, memoryUsed: 98, memoryTotal: 100 },
        },
        {
          at: "0",
          type: "gpu.sample",
          every: "30s",
          times: 4,
          data: { host: "h1", gpu: 1, memoryUsed: 40, memoryTotal: 100 },
        },
      ],
      expect: [
        { at: "30s", alerts: [{ labels: { host: "h1", gpu: "0", severity: "warning" }, status: "pending" }] },
        { at: "90s", alerts: [{ labels: { host: "h1", gpu: "0", severity: "warning" } }] },
      ],
    },
  ],
});
