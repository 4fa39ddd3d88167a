import * as z from "zod";
import { defineMetric, scored } from "../metric.ts";
import { foldText, toNfc } from "../text/normalize.ts";
import { readOutput, readReference } from "./case-reading.ts";

const options = z.strictObject({
  /** The texts to look for; when empty, the reference. */
  values: z.array(z.string().min(1)).max(200).default([]),
  mode: z.enum(["all", "any"]).default("all"),
  /** On, NFC only; off, also case and white space are folded. */
  caseSensitive: z.boolean().default(false),
});

/**
 * 1 when the output contains all (or any) of the texts, else 0: the `contains`, `contains-all`, `contains-any` and
 * `icontains` assertions of promptfoo. It looks at text, not sense: a denied mention counts too. An empty output is
 * `empty_output`; no texts and no reference is `no_reference`.
 */
export const contains = defineMetric({
  name: "contains",
  title: { en: "Contains", ko: "포함 여부" },
  family: "lexical",
  direction: "higher",
  range: [0, 1],
  needs: ["output"],
  usesJudge: false,
  usesEmbeddings: false,
  source: "promptfoo contains assertions",
  options,
  score(evaluationCase, { values, mode, caseSensitive }) {
    const output = readOutput(evaluationCase);
    if (!output.ok) return output.result;
    let wanted: readonly string[] = values;
    if (wanted.length === 0) {
      const reference = readReference(evaluationCase);
      if (!reference.ok) return reference.result;
      wanted = [reference.value];
    }
    const form = caseSensitive ? toNfc : foldText;
    const text = form(output.value);
    const evidence = wanted.map((value) => ({
      kind: "text",
      text: value,
      verdict: text.includes(form(value)),
    }));
    const pass =
      mode === "all" ? evidence.every((piece) => piece.verdict) : evidence.some((piece) => piece.verdict);
    return scored(pass ? 1 : 0, evidence);
  },
});
