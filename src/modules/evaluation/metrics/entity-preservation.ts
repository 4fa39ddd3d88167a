import * as z from "zod";
import { defineMetric, notApplicable, scored } from "../metric.ts";
import { readContexts, readOutput } from "./case-reading.ts";
import { entitiesIn } from "./domain-entities.ts";

const options = z.strictObject({
  /** `evalvault`: no context scores 0, no entity in the contexts 1. */
  compat: z.enum(["none", "evalvault"]).default("none"),
});

/**
 * Entities of the contexts (amounts, shares, periods, dates, condition words) that the output keeps, over those of the
 * contexts. `no_entities` when the contexts have none. Source: EvalVault `entity_preservation`.
 */
export const entityPreservation = defineMetric({
  name: "entity_preservation",
  title: { en: "Entity preservation", ko: "핵심 정보 보존" },
  family: "domain",
  direction: "higher",
  range: [0, 1],
  needs: ["output", "contexts"],
  usesJudge: false,
  usesEmbeddings: false,
  source: "EvalVault entity_preservation",
  options,
  score(evaluationCase, { compat }) {
    const output = readOutput(evaluationCase);
    if (!output.ok) return output.result;
    const contexts = readContexts(evaluationCase);
    if (!contexts.ok) return compat === "evalvault" ? scored(0) : contexts.result;
    const expected = entitiesIn(contexts.value.join("\n"));
    if (expected.size === 0) return compat === "evalvault" ? scored(1) : notApplicable("no_entities");
    const kept = entitiesIn(output.value);
    const evidence = [...expected].map(([key, text]) => ({
      kind: "entity",
      text,
      verdict: kept.has(key),
      data: { key },
    }));
    return scored(evidence.filter((piece) => piece.verdict).length / expected.size, evidence);
  },
});
