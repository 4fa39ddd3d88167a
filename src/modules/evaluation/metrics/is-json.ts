import * as z from "zod";
import { defineMetric, scored } from "../metric.ts";
import { readOutput } from "./case-reading.ts";

const options = z.strictObject({
  /** `whole`: the output is JSON. `fenced`: the output, or a fenced code block in it, is a JSON object or list. */
  where: z.enum(["whole", "fenced"]).default("whole"),
  /** Members the JSON object must have. */
  requiredKeys: z.array(z.string()).max(200).default([]),
});

/**
 * 1 when the output is JSON (with the members asked for), else 0: the `is-json` assertion of promptfoo; `fenced` covers
 * the usual case of `contains-json`. JSON schemas are not checked.
 */
export const isJson = defineMetric({
  name: "is_json",
  title: { en: "Is JSON", ko: "JSON 여부" },
  family: "lexical",
  direction: "higher",
  range: [0, 1],
  needs: ["output"],
  usesJudge: false,
  usesEmbeddings: false,
  source: "promptfoo is-json assertion; RFC 8259",
  options,
  score(evaluationCase, { where, requiredKeys }) {
    const output = readOutput(evaluationCase);
    if (!output.ok) return output.result;
    const candidates = where === "whole" ? [output.value] : [output.value, ...fencedBlocks(output.value)];
    const parsed = candidates
      .map(parse)
      .find((result) => result.ok && (where === "whole" || isContainer(result.value)));
    if (parsed === undefined) return scored(0, [{ kind: "json", verdict: false, reason: "not_json" }]);
    const members =
      isContainer(parsed.value) && !Array.isArray(parsed.value) ? Object.keys(parsed.value) : [];
    const missing = requiredKeys.filter((key) => !members.includes(key));
    return scored(missing.length === 0 ? 1 : 0, [
      { kind: "json", verdict: missing.length === 0, data: { missing } },
    ]);
  },
});

function parse(text: string): { ok: boolean; value: unknown } {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false, value: undefined };
  }
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function fencedBlocks(text: string): string[] {
  return text
    .split("```")
    .filter((_, index) => index % 2 === 1)
    .map((block) => block.replace(/^[a-zA-Z0-9]*\n/, ""));
}
