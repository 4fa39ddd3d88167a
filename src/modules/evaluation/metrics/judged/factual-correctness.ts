import * as z from "zod";
import { type Evidence, type MetricResult, notApplicable, scored } from "../../metric.ts";
import { type Bench, judgedMetric, together } from "./judged-metric.ts";
import { fBeta } from "./precision-recall.rules.ts";
import { claimDecompositionPrompt } from "./prompts/claim-decomposition.ts";
import { byIndex } from "./prompts/every-index.ts";
import { supportVerdictsPrompt } from "./prompts/support-verdicts.ts";

const Options = z.strictObject({
  mode: z.enum(["precision", "recall", "f1"]).default("f1"),
  beta: z.number().positive().default(1),
  atomicity: z.enum(["low", "high"]).default("low"),
  coverage: z.enum(["low", "high"]).default("low"),
  /** Ragas adds 1e-8 below and rounds to two digits, which makes 0 of nothing. */
  compat: z.enum(["none", "ragas"]).default("none"),
});
type Options = z.infer<typeof Options>;

/**
 * Claims of the response checked against the reference (TP, FP) and claims of the reference against the response (FN):
 * precision TP/(TP+FP), recall TP/(TP+FN) or F_β, in [0, 1]. TP counts claims of the response, so recall is exact only
 * when both sides are cut at the same grain. Source: Ragas factual_correctness.
 */
export const factualCorrectness = judgedMetric<Options>({
  name: "factual_correctness",
  title: { en: "Factual correctness", ko: "사실 정확도" },
  direction: "higher",
  range: [0, 1],
  needs: ["output", "reference"],
  usesEmbeddings: false,
  source: "Ragas factual_correctness",
  options: Options,
  expectedJudgeCalls: (_, { mode }) => (mode === "precision" ? 2 : 4),
  async run({ output, reference }, options, bench) {
    const [given = nobody, expected = nobody] = await together([
      check(bench.branch(), output, reference, options, "claim"),
      ...(options.mode === "precision"
        ? []
        : [check(bench.branch(), reference, output, options, "reference_claim")]),
    ]);
    const { supported: tp, unsupported: fp } = given;
    const fn = expected.unsupported;
    const evidence = [{ kind: "counts", data: { tp, fp, fn } }, ...given.evidence, ...expected.evidence];
    return options.compat === "ragas"
      ? asRagas(tp, fp, fn, options, evidence)
      : asHouse(given, expected, options, evidence);
  },
});

interface Checked {
  readonly supported: number;
  readonly unsupported: number;
  readonly evidence: readonly Evidence[];
}

const nobody: Checked = { supported: 0, unsupported: 0, evidence: [] };

async function check(
  bench: Bench,
  text: string,
  against: string,
  options: Options,
  kind: string,
): Promise<Checked> {
  const { claims } = await bench.ask(claimDecompositionPrompt(options.atomicity, options.coverage), { text });
  if (claims.length === 0) return nobody;
  const { verdicts } = await bench.ask(supportVerdictsPrompt, { context: against, statements: claims });
  const ordered = byIndex(verdicts);
  const supported = ordered.filter(({ verdict }) => verdict === 1).length;
  const evidence = ordered.map(({ index, verdict, reason }) => ({
    kind,
    text: claims[index] ?? "",
    verdict,
    reason,
  }));
  return { supported, unsupported: ordered.length - supported, evidence };
}

function asHouse(given: Checked, expected: Checked, options: Options, evidence: Evidence[]): MetricResult {
  const [tp, fp, fn] = [given.supported, given.unsupported, expected.unsupported];
  if (options.mode !== "recall" && tp + fp === 0) return notApplicable("no_claims", evidence);
  if (options.mode === "precision") return scored(tp / (tp + fp), evidence);
  if (expected.supported + fn === 0) return notApplicable("no_reference_claims", evidence);
  if (options.mode === "f1") return scored(fBeta(tp, fp, fn, options.beta) ?? 0, evidence);
  return tp + fn === 0 ? notApplicable("recall_undefined", evidence) : scored(tp / (tp + fn), evidence);
}

function asRagas(tp: number, fp: number, fn: number, options: Options, evidence: Evidence[]): MetricResult {
  const precision = tp / (tp + fp + 1e-8);
  const recall = tp / (tp + fn + 1e-8);
  const squared = options.beta ** 2;
  const below = squared * precision + recall;
  const f = below === 0 ? 0 : ((1 + squared) * precision * recall) / below;
  const score = options.mode === "precision" ? precision : options.mode === "recall" ? recall : f;
  return scored(Math.round(score * 100) / 100, evidence);
}
