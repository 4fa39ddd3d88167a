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

export const failedLoginsThenSuccess = defineTemplate({
  id: "failed-logins-then-success",
  category: "security",
  title: { en: "Failed logins, then a success", ko: "로그인 연속 실패 후 성공" },
  description: {
    en: "A user fails to sign in several times and then succeeds: somebody may have guessed the password. Reads `auth.login` with `user` and `outcome` (`failed` or `succeeded`).",
    ko: "여러 번 로그인에 실패한 뒤 성공합니다. 비밀번호가 추측되었을 수 있습니다. `user`와 `outcome`(`failed` 또는 `succeeded`)이 있는 `auth.login` 이벤트를 읽습니다.",
  },
  parameters: z.strictObject({
    ...shared("critical"),
    type: eventType("auth.login"),
    groupBy: groupBy("user"),
    failures: atLeastOnce(3, "So many failures before the success."),
    withinMinutes: span(10, "From the first failure to the success, less than this"),
  }),
  build: ({ sourceIds, severity, type, groupBy: field, failures, withinMinutes }) => ({
    sources: { sourceIds, types: [type] },
    key: [`data.${field}`],
    keyLabels: [field],
    trigger: {
      kind: "pattern",
      pattern: {
        steps: [
          { kind: "event", var: "failed", where: 'event.data.outcome == "failed"', times: failures },
          { kind: "event", var: "success", where: 'event.data.outcome == "succeeded"' },
        ],
        withinMs: withinMinutes * minuteMs,
      },
    },
    outcome: "match",
    labels: { severity },
    annotations: { summary: `{{ key[0] }} signed in after ${failures} failures` },
  }),
  tests: [
    {
      name: "matches three failures and a success within ten minutes, for each user apart",
      events: [
        {
          at: "0",
          type: "auth.login",
          every: "1m",
          data: { user: "kim" },
          each: ["failed", "failed", "failed", "succeeded"].map((outcome) => ({ outcome })),
        },
        {
          at: "0",
          type: "auth.login",
          every: "1m",
          data: { user: "lee" },
          each: ["failed", "failed", "succeeded", "failed"].map((outcome) => ({ outcome })),
        },
        {
          at: "0",
          type: "auth.login",
          every: "4m",
          data: { user: "park" },
          each: ["failed", "failed", "failed", "succeeded"].map((outcome) => ({ outcome })),
        },
      ],
      expect: [
        {
          at: "20m",
          matches: [
            {
              labels: { user: "kim", severity: "critical" },
              at: "3m",
              annotations: { summary: "kim signed in after 3 failures" },
            },
          ],
        },
      ],
    },
  ],
});
