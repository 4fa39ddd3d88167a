import * as z from "zod";
import { defineTemplate, groupBy, shared } from "../define-template.ts";

export const backupMissing = defineTemplate({
  id: "backup-missing",
  category: "infrastructure",
  title: { en: "Backup started and never finished", ko: "백업 미완료" },
  description: {
    en: "A backup started and neither finished nor failed in time. Reads `backup.started` and `backup.finished` with `target`.",
    ko: "시작된 백업이 제한 시간 안에 끝나지 않았습니다. `target`이 있는 `backup.started`와 `backup.finished` 이벤트를 읽습니다.",
  },
  parameters: z.strictObject({
    ...shared("critical"),
    groupBy: groupBy("target"),
    withinMinutes: z
      .int()
      .min(1)
      .max(44_640)
      .default(120)
      .describe("How long a backup may take, in minutes."),
  }),
  build: ({ sourceIds, severity, groupBy: field, withinMinutes }) => ({
    sources: { sourceIds, types: ["backup.started", "backup.finished"] },
    key: [`data.${field}`],
    keyLabels: [field],
    trigger: {
      kind: "pattern",
      pattern: {
        steps: [
          { kind: "event", var: "started", where: 'event.type == "backup.started"' },
          {
            kind: "not",
            var: "finished",
            where: 'event.type == "backup.finished"',
            contiguity: "notFollowedBy",
          },
        ],
        withinMs: withinMinutes * 60_000,
      },
    },
    outcome: "match",
    ttlMs: Math.max(86_400_000, 2 * withinMinutes * 60_000),
    labels: { severity },
    annotations: { summary: `The backup of {{ key[0] }} has not finished within ${withinMinutes} minutes` },
  }),
  tests: [
    {
      name: "matches two hours after a backup that does not finish",
      events: [
        { at: "0", type: "backup.started", data: { target: "db" } },
        { at: "0", type: "backup.started", data: { target: "files" } },
        { at: "1h", type: "backup.finished", data: { target: "files" } },
      ],
      expect: [
        { at: "1h59m", matches: [] },
        {
          at: "2h5m",
          matches: [
            {
              labels: { target: "db", severity: "critical" },
              at: "2h",
              annotations: { summary: "The backup of db has not finished within 120 minutes" },
            },
          ],
        },
      ],
    },
  ],
});
