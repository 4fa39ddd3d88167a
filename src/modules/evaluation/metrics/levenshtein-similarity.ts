import * as z from "zod";
import { defineMetric, notApplicable, scored } from "../metric.ts";
import { editDistance } from "../text/edit-distance.ts";
import { codePoints, maxComparedCells } from "../text/string-similarity.ts";
import { readPair } from "./case-reading.ts";

const options = z.strictObject({
  caseSensitive: z.boolean().default(true),
  /** With a limit the score is 1 for a distance up to it and 0 beyond (promptfoo's `levenshtein` has 5). */
  maxDistance: z.int().min(0).optional(),
  /** `autoevals`: two empty texts score 1, one empty 0. */
  compat: z.enum(["none", "autoevals"]).default("none"),
});

/**
 * 1 - distance / longer length, in NFC code points, so that composed and decomposed Hangul are equal. Pairs beyond some
 * 50,000 code points each are `text_too_long`. Source: Levenshtein 1966; Myers 1999 and Hyyrö 2003 (algorithm).
 */
export const levenshteinSimilarity = defineMetric({
  name: "levenshtein_similarity",
  title: { en: "Levenshtein similarity", ko: "레벤슈타인 유사도" },
  family: "similarity",
  direction: "higher",
  range: [0, 1],
  needs: ["output", "reference"],
  usesJudge: false,
  usesEmbeddings: false,
  source: "Levenshtein 1966",
  options,
  score(evaluationCase, { caseSensitive, maxDistance, compat }) {
    const pair = readPair(evaluationCase, compat === "autoevals");
    if (!pair.ok) return pair.result;
    const cased = (text: string): string => (caseSensitive ? text : text.toLowerCase());
    const output = codePoints(cased(pair.value.output));
    const reference = codePoints(cased(pair.value.reference));
    const lengths = { outputLength: output.length, referenceLength: reference.length };
    if (output.length * reference.length > maxComparedCells) {
      return notApplicable("text_too_long", [{ kind: "length", data: lengths }]);
    }
    const distance = editDistance(output, reference);
    const longest = Math.max(output.length, reference.length);
    const similarity = longest === 0 ? 1 : 1 - distance / longest;
    const score = maxDistance === undefined ? similarity : distance <= maxDistance ? 1 : 0;
    return scored(score, [{ kind: "distance", data: { distance, similarity, ...lengths } }]);
  },
});
