import * as z from "zod";
import { notApplicable, scored } from "../../metric.ts";
import { judgedMetric, together } from "./judged-metric.ts";
import { entitiesPrompt } from "./prompts/entities.ts";

const Options = z.strictObject({ compat: z.enum(["none", "ragas"]).default("none") });

/**
 * Share of the reference's entities that occur among the entities of the retrieved contexts, compared as exact strings
 * after NFC and trimming, in [0, 1]. Source: Ragas context_entity_recall, which adds 1e-8 below and so gives 0 where
 * the reference has no entity (option).
 */
export const contextEntityRecall = judgedMetric<z.infer<typeof Options>>({
  name: "context_entity_recall",
  title: { en: "Context entity recall", ko: "문맥 개체 재현율" },
  direction: "higher",
  range: [0, 1],
  needs: ["reference", "contexts"],
  usesEmbeddings: false,
  source: "Ragas context_entity_recall",
  options: Options,
  expectedJudgeCalls: () => 2,
  async run({ reference, contexts }, { compat }, bench) {
    const [ofReference, ofContexts] = await together([
      bench.ask(entitiesPrompt, { text: reference }),
      bench.ask(entitiesPrompt, { text: contexts.join("\n") }),
    ]);
    const wanted = distinct(ofReference?.entities ?? []);
    const present = distinct(ofContexts?.entities ?? []);
    const epsilon = compat === "ragas" ? 1e-8 : 0;
    if (wanted.size + epsilon === 0) return notApplicable("no_entities");
    const found = [...wanted].filter((entity) => present.has(entity));
    return scored(
      found.length / (wanted.size + epsilon),
      [...wanted].map((entity) => ({ kind: "entity", text: entity, verdict: present.has(entity) })),
    );
  },
});

function distinct(entities: readonly string[]): Set<string> {
  return new Set(entities.map((entity) => entity.normalize("NFC").trim()).filter(Boolean));
}
