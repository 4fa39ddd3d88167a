import type { RuleEffect } from "../../../contracts/rule-actions.ts";
import type { Command } from "../command.ts";
import { instant } from "../terminal/numbers.ts";
import type { Column } from "../terminal/table.ts";
import { callCommand } from "./call-command.ts";
import { argument } from "./common.ts";
import { listCommand } from "./list-command.ts";

const rule = argument("id", "The rule", "규칙 id");

/** What the actions of rules did. */
export const ruleEffectCommands: readonly Command[] = [
  listCommand({
    path: "rules effects",
    summary: {
      en: "List what a rule's actions did or are to do, newest first, and why not",
      ko: "규칙의 동작이 한 일과 할 일, 하지 않은 이유 목록, 최신순",
    },
    action: "rules.effect.list",
    arguments: [rule],
    options: {
      state: {
        type: "string",
        choices: ["pending", "claimed", "sent", "retry", "dead", "suppressed"],
        summary: { en: "Only in this state", ko: "이 상태만" },
      },
    },
    fields: ({ argument: given, options }) => ({ id: given("id"), state: options.state }),
    columns: ({ say }): readonly Column<RuleEffect>[] => [
      { title: say.key, of: ({ key }) => key },
      { title: say.action, of: ({ actionId, occasion }) => `${actionId} (${occasion})` },
      { title: say.target, canShrink: true, of: ({ target }) => target },
      { title: say.status, of: ({ state }) => state },
      {
        title: say.reason,
        canShrink: true,
        of: ({ reasons, detail, jobId }) => reasons.join(", ") || jobId || detail,
      },
      { title: say.updated, of: ({ updatedAt }) => instant(updatedAt) },
    ],
  }),
  callCommand({
    path: "rules redrive",
    summary: {
      en: "Let a dead effect be tried again, under its own key",
      ko: "실패로 끝난 동작을 같은 키로 다시 시도",
    },
    action: "rules.effect.redrive",
    arguments: [rule, argument("key", "The effect's key", "동작의 키")],
    fields: ({ argument: given }) => ({ id: given("id"), key: given("key") }),
    show: ({ say }, { key, state }: Pick<RuleEffect, "key" | "state">) => say.done(`${key} ${state}`),
  }),
];
