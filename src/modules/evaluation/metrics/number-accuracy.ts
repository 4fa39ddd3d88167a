import * as z from "zod";
import { defineMetric, type Evidence, notApplicable, scored } from "../metric.ts";
import { fMeasure, share } from "../text/f-measure.ts";
import { toNfc } from "../text/normalize.ts";
import { isNegated } from "../text/polarity.ts";
import { parseQuantities, type Quantity } from "../text/quantities.ts";
import { type ComparisonRule, sameQuantity } from "../text/quantity-match.ts";
import { readPair, readQuestion } from "./case-reading.ts";
import { Measure } from "./lexical-options.ts";

const options = z.strictObject({
  measure: Measure.default("f1"),
  comparisons: z.enum(["compatible", "strict", "ignore"]).default("compatible"),
  /** Numbers of the question that the answer repeats are not counted as claims of its own. */
  ignoreQuestionNumbers: z.boolean().default(true),
});

const maxQuantities = 5000;

interface Stated {
  readonly affirmed: readonly Quantity[];
  readonly denied: readonly Quantity[];
}

/**
 * Do the numbers of the output agree with those of the reference, by value and unit: `5천만원` is `50,000,000원`,
 * `12개월` is `1년`. R = reference quantities the output affirms / reference quantities; P = affirmed output quantities
 * that the reference has / affirmed ones plus reference ones the output denies. A denied mention (`1억원이 아닙니다`)
 * never counts as stated. Section labels (`제3조`) count only where the reference has nothing else. `no_reference_quantities` when the reference has none; an output without any scores 0.
 * Source: own definition, on the Korean number grammar of `parseQuantities`.
 */
export const numberAccuracy = defineMetric({
  name: "number_accuracy",
  title: { en: "Number accuracy", ko: "수치 정확도" },
  family: "korean",
  direction: "higher",
  range: [0, 1],
  needs: ["output", "reference"],
  usesJudge: false,
  usesEmbeddings: false,
  source: "Maru: quantities of output and reference by value, unit, comparison and polarity",
  options,
  score(evaluationCase, { measure, comparisons, ignoreQuestionNumbers }) {
    const pair = readPair(evaluationCase);
    if (!pair.ok) return pair.result;
    const stated = distinct(statedIn(pair.value.reference).affirmed);
    if (stated.length === 0) return notApplicable("no_reference_quantities");
    const facts = stated.filter((quantity) => quantity.kind !== "label");
    const expected = facts.length > 0 ? facts : stated;
    const output = statedIn(pair.value.output);
    if (Math.max(stated.length, output.affirmed.length) > maxQuantities)
      return notApplicable("text_too_long");
    const question = readQuestion(evaluationCase);
    const given = ignoreQuestionNumbers && question.ok ? parseQuantities(question.value) : [];
    const found = expected.filter((quantity) => has(output.affirmed, quantity, comparisons));
    const denied = expected.filter(
      (quantity) => !found.includes(quantity) && has(output.denied, quantity, comparisons),
    );
    const extra = distinct(output.affirmed).filter(
      (quantity) =>
        (facts.length === 0 || quantity.kind !== "label") &&
        !has(expected, quantity, comparisons) &&
        !has(given, quantity, "ignore"),
    );
    const precision = share(found.length, found.length + extra.length + denied.length);
    const recall = found.length / expected.length;
    const f1 = fMeasure(precision, recall);
    return scored({ f1, precision, recall }[measure], [
      { kind: "numbers", data: { precision, recall, f1, comparisons } },
      ...expected.map((quantity) => asEvidence("reference_number", quantity, found.includes(quantity))),
      ...extra.map((quantity) => asEvidence("extra_number", quantity, false)),
      ...denied.map((quantity) => asEvidence("denied_number", quantity, false)),
    ]);
  },
});

function statedIn(text: string): Stated {
  const source = toNfc(text);
  const affirmed: Quantity[] = [];
  const denied: Quantity[] = [];
  for (const quantity of parseQuantities(source)) {
    (isNegated(source, quantity.from, quantity.to) ? denied : affirmed).push(quantity);
  }
  return { affirmed, denied };
}

function has(quantities: readonly Quantity[], wanted: Quantity, rule: ComparisonRule): boolean {
  return quantities.some((quantity) => sameQuantity(quantity, wanted, rule));
}

function distinct(quantities: readonly Quantity[]): Quantity[] {
  const kept = new Map<string, Quantity>();
  for (const quantity of quantities) {
    const key = `${quantity.unit}|${quantity.value}|${quantity.upper ?? ""}|${quantity.comparison}`;
    if (!kept.has(key)) kept.set(key, quantity);
  }
  return [...kept.values()];
}

function asEvidence(kind: string, quantity: Quantity, verdict: boolean): Evidence {
  const { value, upper, unit, comparison } = quantity;
  return {
    kind,
    text: quantity.text,
    verdict,
    data: { value, ...(upper === undefined ? {} : { upper }), unit, comparison },
  };
}
