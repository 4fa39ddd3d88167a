import * as z from "zod";
import {
  amount,
  defineTemplate,
  eventType,
  groupBy,
  minuteMs,
  minutes,
  shared,
  span,
} from "../define-template.ts";

export const cpuHigh = defineTemplate({
  id: "cpu-high",
  category: "infrastructure",
  title: { en: "CPU busy", ko: "CPU 과부하" },
  description: {
    en: "The mean load of a host's processors is high for some minutes. Reads `host.cpu` with `host` and `cpu` (percent).",
    ko: "호스트의 평균 CPU 사용률이 몇 분 동안 높습니다. `host`와 `cpu`(퍼센트)가 있는 `host.cpu` 이벤트를 읽습니다.",
  },
  parameters: z.strictObject({
    ...shared("warning"),
    type: eventType("host.cpu"),
    groupBy: groupBy("host"),
    windowMinutes: span(5, "How far back samples are averaged"),
    open: amount(80, "The mean, in percent, that opens the alert."),
    close: amount(70, "The mean, in percent, below which it closes."),
    forMinutes: minutes(2, "How long it must last"),
  }),
  build: ({ sourceIds, severity, type, groupBy: field, windowMinutes, open, close, forMinutes }) => ({
    sources: { sourceIds, types: [type] },
    key: [`data.${field}`],
    keyLabels: [field],
    trigger: {
      kind: "window",
      window: { kind: "continuous", sizeMs: windowMinutes * minuteMs },
      aggregates: { mean: { fn: "avg", over: "data.cpu" } },
    },
    condition: {
      kind: "static",
      of: "mean",
      open: { op: ">", value: open },
      close: { op: "<", value: Math.min(open, close) },
    },
    forMs: forMinutes * minuteMs,
    labels: { severity },
    annotations: { summary: "The processors of {{ key[0] }} are {{ mean }} % busy" },
  }),
  tests: [
    {
      name: "goes pending, firing and back to normal below the closing mean",
      events: [
        { at: "0", type: "host.cpu", every: "1m", times: 4, data: { host: "db-1", cpu: 90 } },
        { at: "4m", type: "host.cpu", every: "1m", times: 8, data: { host: "db-1", cpu: 50 } },
      ],
      expect: [
        { at: "1m", alerts: [{ labels: { host: "db-1", severity: "warning" }, status: "pending" }] },
        {
          at: "2m",
          alerts: [
            {
              labels: { host: "db-1", severity: "warning" },
              annotations: { summary: "The processors of db-1 are 90 % busy" },
            },
          ],
        },
        { at: "5m", alerts: [{ labels: { host: "db-1", severity: "warning" } }] },
        { at: "8m", alerts: [] },
      ],
    },
  ],
});
