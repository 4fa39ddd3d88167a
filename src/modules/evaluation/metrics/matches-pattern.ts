import * as z from "zod";
import { defineMetric, notApplicable, scored } from "../metric.ts";
import { compilePattern, type LinearPattern } from "../text/linear-pattern.ts";
import { PatternError } from "../text/linear-pattern-syntax.ts";
import { toNfc } from "../text/normalize.ts";
import { readOutput } from "./case-reading.ts";

/** Instructions of the pattern times code points of the output: about a second of a core at worst. */
const maxWork = 20_000_000;

const options = z
  .strictObject({
    /** JavaScript syntax without look-around and back-references. */
    pattern: z.string().max(2000).default(""),
    flags: z
      .string()
      .regex(/^[imsu]*$/)
      .default(""),
  })
  .superRefine(({ pattern, flags }, context) => {
    try {
      compiled(pattern, flags);
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      context.addIssue({
        code: "custom",
        path: ["pattern"],
        message: `The pattern cannot be used: ${error.message}.`,
      });
    }
  });

/**
 * 1 when the pattern matches anywhere in the output, else 0: the `regex` assertion of promptfoo. The pattern runs in time
 * linear in the output (no back-tracking); look-around and back-references are refused when the options are read.
 * `no_pattern` without a pattern, `text_too_long` beyond 20 million steps. Source: Thompson 1968; Cox 2009.
 */
export const matchesPattern = defineMetric({
  name: "matches_pattern",
  title: { en: "Matches pattern", ko: "패턴 일치" },
  family: "lexical",
  direction: "higher",
  range: [0, 1],
  needs: ["output"],
  usesJudge: false,
  usesEmbeddings: false,
  source: "promptfoo regex assertion; Thompson 1968, Cox 2009",
  options,
  score(evaluationCase, { pattern, flags }) {
    if (pattern === "") return notApplicable("no_pattern");
    const output = readOutput(evaluationCase);
    if (!output.ok) return output.result;
    const text = toNfc(output.value);
    const program = compiled(pattern, flags);
    if (program.size * text.length > maxWork) return notApplicable("text_too_long");
    const verdict = program.matches(text);
    return scored(verdict ? 1 : 0, [{ kind: "pattern", text: pattern, verdict }]);
  },
});

function compiled(pattern: string, flags: string): LinearPattern {
  return compilePattern(pattern, {
    ignoreCase: flags.includes("i"),
    multiline: flags.includes("m"),
    dotAll: flags.includes("s"),
  });
}
