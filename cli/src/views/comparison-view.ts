import type {
  Comparison,
  ComparisonWarning,
  GateMetricVerdict,
  GateVerdict,
  MetricComparison,
} from "../../../contracts/comparison.ts";
import type { Cli } from "../cli.ts";
import { plain } from "../terminal/display-width.ts";
import { interval, percent, pValue, score, signed } from "../terminal/numbers.ts";

type View = Pick<Cli, "out" | "say">;

/** Two runs side by side: the paired difference of each metric, how sure it is, and what is unfair about it. */
export function comparisonView({ out, say }: View, comparison: Comparison): string {
  const { paint } = out;
  const { pairs, unmatchedBaseline, unmatchedCandidate } = comparison.pairing;
  return [
    out.table<MetricComparison>(
      [
        { title: say.metric, of: ({ metric }) => metric },
        { title: say.baseline, align: "right", of: ({ meanBaseline }) => score(meanBaseline) },
        { title: say.candidate, align: "right", of: ({ meanCandidate }) => score(meanCandidate) },
        { title: say.difference, align: "right", of: ({ difference }) => signed(difference) },
        {
          title: percentInterval(say.interval, comparison.confidence),
          align: "right",
          of: (row) => interval(row.interval),
        },
        { title: say.pAdjusted, align: "right", of: ({ test }) => pValue(test?.adjustedPValue) },
        { title: say.effect, align: "right", of: ({ effect }) => signed(effect.cohenDz) },
        {
          title: say.verdict,
          of: ({ change }) => say[change],
          paint: (text, { change }) =>
            change === "better" ? paint.green(text) : change === "worse" ? paint.red(text) : paint.dim(text),
        },
      ],
      comparison.metrics,
    ),
    "",
    say.pairing(pairs, unmatchedBaseline, unmatchedCandidate),
    ...warningLines({ out, say }, comparison.warnings),
  ].join("\n");
}

/** The verdict of a gate with the numbers it rests on, and the hash that seals it. */
export function gateView({ out, say }: View, verdict: GateVerdict): string {
  const { paint } = out;
  const colour = { pass: paint.green, fail: paint.red, inconclusive: paint.yellow } as const;
  return [
    out.table<GateMetricVerdict>(
      [
        { title: say.metric, of: ({ metric }) => metric },
        {
          title: say.verdict,
          of: ({ outcome }) => say[outcome],
          paint: (text, { outcome }) => colour[outcome](text),
        },
        { title: say.reason, of: ({ reason }) => reason },
        { title: say.baseline, align: "right", of: ({ meanBaseline }) => score(meanBaseline) },
        { title: say.candidate, align: "right", of: ({ meanCandidate }) => score(meanCandidate) },
        { title: say.difference, align: "right", of: ({ difference }) => signed(difference) },
        {
          title: percentInterval(say.interval, verdict.policy.confidence),
          align: "right",
          of: (row) => interval(row.interval),
        },
        { title: say.margin, align: "right", of: ({ margin }) => score(margin) },
        { title: say.coverage, align: "right", of: ({ coverage }) => percent(coverage) },
        { title: say.pairs, align: "right", of: ({ pairs }) => pairs },
      ],
      verdict.metrics,
    ),
    "",
    colour[verdict.outcome](say.gateVerdict(say[verdict.outcome])),
    ...warningLines({ out, say }, verdict.warnings),
    say.evidence(verdict.hash),
  ].join("\n");
}

function warningLines({ out, say }: View, warnings: readonly ComparisonWarning[]): string[] {
  return warnings.map(({ severity, message }) => {
    const paint = severity === "unfair" ? out.paint.yellow : out.paint.dim;
    return paint(`${say.warning}: ${plain(message)}`);
  });
}

const percentInterval = (title: string, confidence: number): string =>
  title.replace("95", String(Number((confidence * 100).toFixed(1))));
