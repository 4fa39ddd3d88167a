import { stateTemplate } from "./state-template.ts";

export const backupFailed = stateTemplate({
  id: "backup-failed",
  title: { en: "Backup failed", ko: "백업 실패" },
  description: {
    en: "A backup ended with an error. Reads `backup.finished` with `target` and `status`; closes with the next one that succeeds.",
    ko: "백업이 오류로 끝났습니다. `target`과 `status`가 있는 `backup.finished` 이벤트를 읽으며, 다음 백업이 성공하면 해소됩니다.",
  },
  severity: "critical",
  type: "backup.finished",
  thing: "target",
  state: "status",
  bad: ["failed"],
  good: ["succeeded"],
  forMinutes: 0,
  summary: "The backup of {{ key[0] }} failed",
  tests: [
    {
      name: "fires with the failure and ends with the next success",
      events: [
        {
          at: "0",
          type: "backup.finished",
          every: "1d",
          data: { target: "db" },
          each: ["succeeded", "failed", "succeeded"].map((status) => ({ status })),
        },
      ],
      expect: [
        { at: "12h", alerts: [] },
        {
          at: "1d",
          alerts: [
            {
              labels: { target: "db", severity: "critical" },
              annotations: { summary: "The backup of db failed" },
            },
          ],
        },
        { at: "2d", alerts: [] },
      ],
    },
  ],
});
