import * as z from "zod";
import { defineMetric, scored } from "../metric.ts";
import { foldText, toNfc } from "../text/normalize.ts";
import { readOutput, readReference } from "./case-reading.ts";

const options = z.strictObject({
  /** The text to start with; when absent, the reference. */
  value: z.string().min(1).optional(),
  caseSensitive: z.boolean().default(true),
});

/** 1 when the output starts with the text, else 0: the `starts-with` assertion of promptfoo. */
export const startsWith = defineMetric({
  name: "starts_with",
  title: { en: "Starts with", ko: "시작 문구" },
  family: "lexical",
  direction: "higher",
  range: [0, 1],
  needs: ["output"],
  usesJudge: false,
  usesEmbeddings: false,
  source: "promptfoo starts-with assertion",
  options,
  score(evaluationCase, { value, caseSensitive }) {
    const output = readOutput(evaluationCase);
    if (!output.ok) return output.result;
    const reference = value === undefined ? readReference(evaluationCase) : undefined;
    if (reference !== undefined && !reference.ok) return reference.result;
    const wanted = value ?? reference?.value ?? "";
    const form = caseSensitive ? toNfc : foldText;
    const verdict = form(output.value).startsWith(form(wanted));
    return scored(verdict ? 1 : 0, [{ kind: "text", text: wanted, verdict }]);
  },
});
