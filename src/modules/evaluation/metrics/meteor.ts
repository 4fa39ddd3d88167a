import * as z from "zod";
import { defineMetric, notApplicable, scored } from "../metric.ts";
import { share } from "../text/f-measure.ts";
import { hasHangul } from "../text/hangul.ts";
import { splitParticle } from "../text/korean-particles.ts";
import { porterStem } from "../text/porter-stem.ts";
import { tokenize } from "../text/tokenizers.ts";
import { readPair } from "./case-reading.ts";

const options = z.strictObject({
  /** Also match words by stem: Porter's for English, without the particle for Korean. */
  stem: z.boolean().default(true),
  alpha: z.number().min(0).max(1).default(0.9),
  beta: z.number().positive().default(3),
  gamma: z.number().min(0).max(1).default(0.5),
});

/**
 * METEOR with its exact and stem stages, without synonyms: P and R of the aligned words, F = PR / (αP + (1 - α)R), less
 * the fragmentation penalty γ(chunks / matches)^β. A word goes to the place that continues its chunk where it can, else
 * to the first free one. Source: Banerjee and Lavie 2005; Lavie and Agarwal 2007.
 */
export const meteor = defineMetric({
  name: "meteor",
  title: { en: "METEOR (exact and stem)", ko: "METEOR (완전·어간 일치)" },
  family: "lexical",
  direction: "higher",
  range: [0, 1],
  needs: ["output", "reference"],
  usesJudge: false,
  usesEmbeddings: false,
  source: "Banerjee and Lavie 2005; Lavie and Agarwal 2007",
  options,
  score(evaluationCase, { stem, alpha, beta, gamma }) {
    const pair = readPair(evaluationCase);
    if (!pair.ok) return pair.result;
    const output = tokenize("unicode-word", pair.value.output);
    const reference = tokenize("unicode-word", pair.value.reference);
    if (reference.length === 0) return notApplicable("no_reference_tokens");
    const places = new Int32Array(output.length).fill(-1);
    const taken = new Uint8Array(reference.length);
    align(output, reference, places, taken);
    if (stem) align(output.map(stemOf), reference.map(stemOf), places, taken);
    const matches = places.filter((place) => place >= 0).length;
    const chunks = chunksOf(places);
    const precision = share(matches, output.length);
    const recall = share(matches, reference.length);
    const bottom = alpha * precision + (1 - alpha) * recall;
    const mean = bottom === 0 ? 0 : (precision * recall) / bottom;
    const penalty = matches === 0 ? 0 : gamma * (chunks / matches) ** beta;
    const data = { tokenizer: "unicode-word", stages: stem ? ["exact", "stem"] : ["exact"], matches, chunks };
    return scored(mean * (1 - penalty), [
      { kind: "alignment", data: { ...data, precision, recall, penalty } },
    ]);
  },
});

function stemOf(word: string): string {
  return hasHangul(word) ? splitParticle(word).stem : porterStem(word);
}

/** One stage: gives each output word without a place a free reference place of the same form. */
function align(
  output: readonly string[],
  reference: readonly string[],
  places: Int32Array,
  taken: Uint8Array,
): void {
  const free = new Map<string, number[]>();
  for (let j = reference.length - 1; j >= 0; j -= 1) {
    const word = reference[j] ?? "";
    const list = free.get(word);
    if (list === undefined) free.set(word, [j]);
    else list.push(j);
  }
  let previous = -2;
  output.forEach((word, i) => {
    if ((places[i] ?? -1) >= 0) {
      previous = places[i] ?? -2;
      return;
    }
    const next = previous + 1;
    let place = reference[next] === word && taken[next] === 0 ? next : undefined;
    const list = free.get(word) ?? [];
    while (place === undefined && list.length > 0) {
      const candidate = list.pop() ?? 0;
      if (taken[candidate] === 0) place = candidate;
    }
    previous = place ?? -2;
    if (place === undefined) return;
    places[i] = place;
    taken[place] = 1;
  });
}

function chunksOf(places: Int32Array): number {
  let chunks = 0;
  places.forEach((place, i) => {
    if (place >= 0 && (i === 0 || (places[i - 1] ?? -1) < 0 || places[i - 1] !== place - 1)) chunks += 1;
  });
  return chunks;
}
