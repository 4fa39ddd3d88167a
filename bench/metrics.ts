import { parseArgs } from "node:util";
import type { EvaluationCase } from "../contracts/evaluation-case.ts";
import { type Random, seededRandom } from "../src/kernel/random.ts";
import type { Metric } from "../src/modules/evaluation/metric.ts";
import { modelFreeMetrics } from "../src/modules/evaluation/metrics/registry.ts";

const { values: flags } = parseArgs({
  options: {
    metric: { type: "string", multiple: true },
    cases: { type: "string", default: "200" },
    seconds: { type: "string", default: "0.2" },
    seed: { type: "string", default: "1" },
    json: { type: "boolean", default: false },
  },
});

const lengths = [1000, 2000, 4000, 8000] as const;

/** Metrics whose definition compares every character or token of one text with every one of the other. */
const pairwise = new Set([
  "levenshtein_similarity",
  "rouge_l",
  "context_precision_string",
  "context_recall_string",
]);

const korean =
  "보험료는 보험금이 피보험자 면책기간을 해지환급금 특약의 갱신 진단비 자기부담금 한도는 90일 이상 1억 5천만원 3만~5만원 12.5% 지급됩니다. 않습니다. 다만, 경우에는 확인이 필요합니다.".split(
    " ",
  );
const english =
  "The policy premium covers damage after a waiting period of 30 days, up to $1,200.50 or 80% of the loss. However the insured must notify us within two weeks and provide documents.".split(
    " ",
  );

function sentence(random: Random, words: readonly string[], characters: number): string {
  const parts: string[] = [];
  for (let size = 0; size < characters; size += (parts.at(-1) ?? "").length + 1) {
    parts.push(words[Math.floor(random() * words.length)] ?? "");
  }
  return parts.join(" ").slice(0, characters);
}

/** One case with every field filled, texts of about `characters` each, Korean and English by turns. */
function makeCase(random: Random, index: number, characters: number): EvaluationCase {
  const words = index % 2 === 0 ? korean : english;
  const text = (share = 1): string => sentence(random, words, Math.max(20, Math.floor(characters * share)));
  const contexts = [0, 1, 2, 3].map((rank) => ({ text: text(0.25), id: `d${index + rank}`, rank: rank + 1 }));
  const call = (name: string): EvaluationCase["toolCalls"] => [
    { name, args: { query: text(0.1), limit: index } },
  ];
  return {
    caseId: `case-${index}`,
    input: [
      { role: "user", content: text(0.25) },
      { role: "assistant", content: text(0.25), contexts: [text(0.25)] },
      { role: "user", content: text(0.25) },
    ],
    output: text(),
    reference: text(),
    contexts,
    referenceContexts: contexts
      .slice(0, 2)
      .map((context) => ({ ...context, text: `${context.text.slice(5)} ${text(0.02)}` })),
    toolCalls: call("search") ?? [],
    referenceToolCalls: call("search") ?? [],
    tags: [],
    metadata: { summary_tags: ["limit", "exclusion"], latencyMs: [120, 340, 90] },
    source: { format: "bench", line: index, rawHash: "0" },
  };
}

interface Speed {
  readonly casesPerSecond: number;
  /** The fastest round over the cases, the figure least bent by whatever else the machine does. */
  readonly bestMs: number;
  readonly scored: number;
}

async function measure(metric: Metric, cases: readonly EvaluationCase[], seconds: number): Promise<Speed> {
  const options = metric.name === "matches_pattern" ? { pattern: "(\\d+[,.]?)+%?$" } : {};
  let [done, scored] = [0, 0];
  await metric.score(cases[0] ?? makeCase(seededRandom(1), 0, 100), options, {});
  const startedAt = performance.now();
  let [elapsed, bestMs] = [0, Number.POSITIVE_INFINITY];
  while (elapsed < seconds * 1000) {
    const roundAt = performance.now();
    for (const one of cases) if ((await metric.score(one, options, {})).status === "scored") scored += 1;
    done += cases.length;
    bestMs = Math.min(bestMs, (performance.now() - roundAt) / cases.length);
    elapsed = performance.now() - startedAt;
  }
  return { casesPerSecond: (done * 1000) / elapsed, bestMs, scored: scored / done };
}

const seed = Number(flags.seed);
const seconds = Number(flags.seconds);
const chosen = modelFreeMetrics.filter(
  (metric) => flags.metric === undefined || flags.metric.includes(metric.name),
);
const usual = seededRandom(seed);
const usualCases = Array.from({ length: Number(flags.cases) }, (_, index) => makeCase(usual, index, 300));
const grown = lengths.map((length) => {
  const random = seededRandom(seed + length);
  return [0, 1].map((index) => makeCase(random, index, length));
});

if (!flags.json) {
  console.log(
    `Cases of 300 characters a text, Korean and English; then the time a case at ${lengths.join(", ")} characters and its exponent (1 is linear).`,
  );
  console.log(
    `${"metric".padEnd(30)}${"cases/s".padStart(10)}${lengths.map((length) => `${length}`.padStart(10)).join("")} ms    exponent`,
  );
}
for (const metric of chosen) {
  const speed = await measure(metric, usualCases, seconds);
  const growth: number[] = [];
  for (const cases of grown) growth.push((await measure(metric, cases, seconds / 2)).bestMs);
  const [first, last] = [growth.at(0) ?? 0, growth.at(-1) ?? 0];
  const exponent = last < 0.02 ? 0 : Math.log2(last / first) / Math.log2((lengths.at(-1) ?? 1) / lengths[0]);
  if (flags.json) {
    console.log(
      JSON.stringify({
        metric: metric.name,
        ...speed,
        growthMs: growth,
        exponent,
        pairwise: pairwise.has(metric.name),
      }),
    );
  } else {
    const note = pairwise.has(metric.name)
      ? " (pairwise by definition, bit-parallel)"
      : exponent > 1.4
        ? " GROWS FASTER THAN ITS DEFINITION"
        : "";
    const cells = growth.map((ms) => ms.toFixed(3).padStart(10)).join("");
    console.log(
      `${metric.name.padEnd(30)}${speed.casesPerSecond.toFixed(0).padStart(10)}${cells}      ${exponent.toFixed(2)}${speed.scored < 1 ? ` [scored ${(speed.scored * 100).toFixed(0)}%]` : ""}${note}`,
    );
  }
}
