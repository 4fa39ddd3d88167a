import * as z from "zod";
import { defineMetric, scored } from "../metric.ts";
import { foldText, toNfc } from "../text/normalize.ts";
import { readPair } from "./case-reading.ts";

const options = z.strictObject({
  /** `fold`: NFC, lower case, single spaces. `nfc`: NFC only. */
  normalize: z.enum(["fold", "nfc"]).default("fold"),
  /** `ragas`: the texts as they are. `autoevals`: as JSON values where both are JSON, member order counting. */
  compat: z.enum(["none", "ragas", "autoevals"]).default("none"),
});

/**
 * 1 when output and reference are the same text, else 0. Numbers are not compared by value: `number_accuracy` does
 * that. Blank texts do not apply, except with `compat: "ragas"`. Source: SQuAD exact match without its article rule;
 * Ragas `ExactMatch`; autoevals `ExactMatch`.
 */
export const exactMatch = defineMetric({
  name: "exact_match",
  title: { en: "Exact match", ko: "완전 일치" },
  family: "lexical",
  direction: "higher",
  range: [0, 1],
  needs: ["output", "reference"],
  usesJudge: false,
  usesEmbeddings: false,
  source: "Rajpurkar et al. 2016 (SQuAD) exact match, without the article rule",
  options,
  score(evaluationCase, { normalize, compat }) {
    const pair = readPair(evaluationCase, compat === "ragas");
    if (!pair.ok) return pair.result;
    const form =
      compat === "ragas" ? asIs : compat === "autoevals" ? jsonText : normalize === "fold" ? foldText : toNfc;
    const equal = form(pair.value.output) === form(pair.value.reference);
    return scored(equal ? 1 : 0, [{ kind: "comparison", verdict: equal, data: { normalize, compat } }]);
  },
});

function asIs(text: string): string {
  return text;
}

function jsonText(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}
