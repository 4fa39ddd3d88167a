import type { AlertSignal } from "../../../contracts/alerts.ts";
import type { Output, TransitionOutput } from "./engine/outputs.ts";

/** How long a match that keeps no alert of its own is shown as firing. */
const matchLastsMs = 300_000;

/**
 * What the alert hub is told of a step's outputs: alerts that began to fire or ended, and matches, which end by
 * themselves. `seq` counts what this engine has said, so that words that come late are known as such.
 */
export function signalsOf(outputs: readonly Output[], ruleName: string, seq: number): AlertSignal[] {
  return outputs.flatMap((output, index): AlertSignal[] => {
    const order = { updatedAt: output.at, seq: seq + index };
    if (output.kind === "match") {
      const { lineage, at } = output;
      const texts = { labels: named(output.labels, ruleName), annotations: { ...output.annotations } };
      return [{ lineage, ...texts, startsAt: at, endsAt: at + matchLastsMs, ...order }];
    }
    return output.kind === "transition" && isTold(output) ? [{ ...spanOf(output, ruleName), ...order }] : [];
  });
}

const isTold = ({ from, to }: TransitionOutput): boolean =>
  (to === "firing" && from !== "recovering") || (to === "normal" && from !== "pending");

function spanOf(output: TransitionOutput, ruleName: string): Omit<AlertSignal, "updatedAt" | "seq"> {
  const { lineage, at, to, firedAt, activeAt } = output;
  return {
    lineage,
    labels: named(output.labels, ruleName),
    annotations: { ...output.annotations },
    startsAt: Math.min(firedAt ?? activeAt ?? at, at),
    endsAt: to === "normal" ? at : null,
  };
}

const named = (labels: Readonly<Record<string, string>>, ruleName: string): Record<string, string> => ({
  alertname: ruleName,
  ...labels,
});
