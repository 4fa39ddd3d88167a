import * as z from "zod";
import type { RuleTestInput } from "../../../../../contracts/rule-tests.ts";
import { defineTemplate, eventType, groupBy, minuteMs, minutes, shared } from "../define-template.ts";

interface Said {
  readonly id: string;
  readonly title: { readonly en: string; readonly ko: string };
  readonly description: { readonly en: string; readonly ko: string };
  readonly severity: "warning" | "critical";
  readonly type: string;
  /** The field that names the thing, and the one that says how it is. */
  readonly thing: string;
  readonly state: string;
  readonly bad: readonly string[];
  readonly good: readonly string[];
  readonly forMinutes: number;
  readonly summary: string;
  readonly tests: readonly Omit<RuleTestInput, "rule">[];
}

const States = z.array(z.string().min(1).max(100)).min(1).max(20);

/** Templates about things that report their state: an alert from a bad state until a good one. */
export const stateTemplate = (said: Said) =>
  defineTemplate({
    id: said.id,
    category: "infrastructure",
    title: said.title,
    description: said.description,
    parameters: z.strictObject({
      ...shared(said.severity),
      type: eventType(said.type),
      groupBy: groupBy(said.thing),
      bad: States.default([...said.bad]).describe(`Values of \`${said.state}\` that open the alert.`),
      good: States.default([...said.good]).describe("Values that close it."),
      forMinutes: minutes(said.forMinutes, "How long it must last"),
    }),
    build: ({ sourceIds, severity, type, groupBy: field, bad, good, forMinutes }) => ({
      sources: { sourceIds, types: [type] },
      key: [`data.${field}`],
      keyLabels: [field],
      trigger: { kind: "filter" },
      condition: {
        kind: "expression",
        open: `data.${said.state} in ${JSON.stringify(bad)}`,
        close: `data.${said.state} in ${JSON.stringify(good)}`,
      },
      forMs: forMinutes * minuteMs,
      labels: { severity },
      annotations: { summary: said.summary },
    }),
    tests: said.tests,
  });
