import type { AlertSignal } from "../../../contracts/alerts.ts";
import type { RuleDefinition } from "../../../contracts/rules.ts";
import type { FlappingOutput, MatchOutput, Output, TransitionOutput } from "./engine/outputs.ts";
import { evidenceOf } from "./evidence-of.rules.ts";

/** How long a match that keeps no alert of its own is shown as firing, from when it was found. */
const matchLastsMs = 300_000;

type Word = Omit<AlertSignal, "updatedAt" | "seq">;
type Told = Pick<RuleDefinition, "name" | "actions" | "cooldownMs">;

/**
 * What the alert hub is told of a step's outputs: alerts that began to fire, to flap or to end, and matches, which end by
 * themselves. Matches of a rule that has actions, but none that notifies of them, are its own affair. `seq` counts what
 * this engine has said, so that words that come late are known as such.
 */
export function signalsOf(outputs: readonly Output[], rule: Told, now: number, seq = 0): AlertSignal[] {
  const tellsMatches =
    rule.actions.length === 0 ||
    rule.actions.some(({ kind, on }) => kind === "notify" && on.includes("match"));
  const cooldown = rule.cooldownMs > 0 ? { cooldownMs: rule.cooldownMs } : {};
  return outputs.flatMap((output, index): AlertSignal[] => {
    const word = wordOf(output, rule.name, tellsMatches, now);
    return word === undefined ? [] : [{ ...word, ...cooldown, updatedAt: output.at, seq: seq + index }];
  });
}

function wordOf(output: Output, ruleName: string, tellsMatches: boolean, now: number): Word | undefined {
  switch (output.kind) {
    case "match":
      return tellsMatches ? matchWord(output, ruleName, now) : undefined;
    case "transition":
      return isTold(output) ? spanWord(output, ruleName) : undefined;
    case "flapping":
      return flappingWord(output, ruleName);
    default:
      return undefined;
  }
}

function matchWord(output: MatchOutput, ruleName: string, now: number): Word {
  const { lineage, at, labels, annotations } = output;
  const texts = { labels: alertLabels(labels, ruleName), annotations: { ...annotations } };
  return {
    lineage,
    ...texts,
    startsAt: at,
    endsAt: Math.max(at, now) + matchLastsMs,
    evidence: evidenceOf(output),
  };
}

const isTold = ({ from, to }: TransitionOutput): boolean =>
  (to === "firing" && from !== "recovering") || (to === "normal" && from !== "pending");

function spanWord(output: TransitionOutput, ruleName: string): Word {
  const { lineage, at, to, firedAt, activeAt, suppressed } = output;
  return {
    lineage,
    labels: alertLabels(output.labels, ruleName),
    annotations: { ...output.annotations },
    startsAt: Math.min(firedAt ?? activeAt ?? at, at),
    endsAt: to === "normal" ? at : null,
    evidence: evidenceOf(output),
    ...(suppressed.includes("flapping") ? { flapping: true } : {}),
  };
}

function flappingWord(output: FlappingOutput, ruleName: string): Word {
  const { lineage, at, labels, annotations, status, firedAt, phase } = output;
  const open = status === "firing" || status === "recovering";
  return {
    lineage,
    labels: alertLabels(labels, ruleName),
    annotations: { ...annotations },
    startsAt: open ? Math.min(firedAt ?? at, at) : at,
    endsAt: open ? null : at,
    flapping: phase === "started",
  };
}

/** The labels of an alert of a rule: those of its instance, and the rule's name. */
export const alertLabels = (
  labels: Readonly<Record<string, string>>,
  ruleName: string,
): Record<string, string> => ({ alertname: ruleName, ...labels });
