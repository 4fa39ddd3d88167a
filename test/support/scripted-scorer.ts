/**
 * A judge without a model: sensible, deterministic answers to every prompt of the judged metrics from token overlap
 * alone, so that a whole evaluation can be driven offline. Unknown prompts have no answer (`undefined`).
 */
export function scriptedScore(promptName: string, blocks: Readonly<Record<string, string>>): unknown {
  const name = promptName.startsWith("claim_decomposition") ? "claim_decomposition" : promptName;
  return scorers[name]?.((field) => blocks[field] ?? "");
}

/** The data blocks of a prompt's user message, by name. */
export function dataBlocks(message: string): Record<string, string> {
  const blocks: Record<string, string> = {};
  for (const match of message.matchAll(/<<<DATA (\w+) ([0-9a-f]+)>>>\n([\s\S]*?)\n<<<END \1 \2>>>/g)) {
    blocks[match[1] ?? ""] = match[3] ?? "";
  }
  return blocks;
}

/** The texts of a list block, which has one numbered JSON object a line. */
export function listItems(block: string): string[] {
  return block
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const item: unknown = JSON.parse(line);
      return typeof item === "object" && item !== null && "text" in item ? String(item.text) : "";
    });
}

/** A bag of tokens hashed into 256 dimensions and scaled to length 1; a text without tokens is the zero vector. */
export function hashedEmbedding(text: string): number[] {
  const vector = new Array<number>(256).fill(0);
  for (const token of tokensOf(text)) {
    const at = fnv1a(token) % 256;
    vector[at] = (vector[at] ?? 0) + 1;
  }
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}

/** The share of a statement's distinct tokens that a text has too. */
export function coverage(statement: string, text: string): number {
  const wanted = [...new Set(tokensOf(statement))];
  const present = new Set(tokensOf(text));
  return wanted.length === 0 ? 0 : wanted.filter((token) => present.has(token)).length / wanted.length;
}

type Scorer = (field: (name: string) => string) => unknown;

const evasive = /모르|알 수 없|확인할 수 없|I don't know|not sure|cannot answer|no information/i;

const scorers: Readonly<Record<string, Scorer>> = {
  statements: (field) => ({
    statements: evasive.test(field("response")) ? [] : sentencesOf(field("response")),
  }),
  claims: (field) => ({ claims: sentencesOf(field("text")) }),
  claim_decomposition: (field) => ({ claims: sentencesOf(field("text")) }),
  support_verdicts: (field) => ({
    verdicts: listItems(field("statements")).map((text, index) => ({
      index,
      ...supported(text, field("context")),
    })),
  }),
  claim_verdicts: (field) => ({
    verdicts: listItems(field("claims")).map((text, index) => ({
      index,
      ...threeWay(text, field("source")),
    })),
  }),
  statement_relevance: (field) => ({
    verdicts: listItems(field("statements")).map((text, index) => ({
      index,
      ...threeWay(field("question"), text),
    })),
  }),
  question_of_answer: (field) => ({
    question: `${sentencesOf(field("response"))[0] ?? "?"}`.replace(/[.!?]?$/, "?"),
    noncommittal: evasive.test(field("response")) ? 1 : 0,
  }),
  context_usefulness: (field) => supported(field("answer"), field("context")),
  reference_attribution: (field) => ({
    sentences: sentencesOf(field("reference")).map((sentence) => {
      const { reason, verdict } = supported(sentence, field("context"));
      return { sentence, reason, attributed: verdict };
    }),
  }),
  entities: (field) => ({ entities: entitiesOf(field("text")) }),
  correctness_sorting: (field) => {
    const given = listItems(field("response_statements"));
    const expected = listItems(field("reference_statements"));
    return {
      response: given.map((text, index) => {
        const { reason, verdict } = supported(text, expected.join("\n"));
        return { index, reason, label: verdict === 1 ? "TP" : "FP" };
      }),
      reference: expected.map((text, index) => {
        const { reason, verdict } = supported(text, given.join("\n"));
        return { index, reason, label: verdict === 1 ? "covered" : "FN" };
      }),
    };
  },
  key_phrases: (field) => ({ keyphrases: entitiesOf(field("text")).slice(0, 8) }),
  key_phrase_questions: (field) => ({
    questions: listItems(field("keyphrases")).map((phrase) => `${phrase}?`),
  }),
  closed_questions: (field) => ({
    questions: sentencesOf(field("text"))
      .slice(0, Number(field("count")))
      .map((sentence) => sentence.replace(/[.!?]?$/, "?")),
  }),
  closed_answers: (field) => ({
    answers: listItems(field("questions")).map((text, index) => ({
      index,
      answer: threeWay(text, field("text")).verdict,
    })),
  }),
  context_rating: (field) => ({ rating: ratingOf(coverage(field("question"), field("context"))) }),
  context_rating_other: (field) => ({ rating: ratingOf(coverage(field("question"), field("context"))) }),
  relevant_statements: (field) => ({
    statements: sentencesOf(field("context")).map((statement) => {
      const share = coverage(statement, field("question"));
      return { statement, reason: shown(share), verdict: share >= 0.2 ? "yes" : "no" };
    }),
  }),
  relevant_units: (field) => ({
    relevant: listItems(field("units")).flatMap((unit, index) => {
      const share = coverage(unit, field("question"));
      return share >= 0.2 ? [{ index, reason: shown(share) }] : [];
    }),
  }),
  evaluation_steps: (field) => ({ steps: sentencesOf(field("criteria")) }),
  step_score: (field) => {
    const share = coverage(field("input") || field("reference") || field("context"), field("output"));
    return { reason: shown(share), score: Math.round(share * 10) };
  },
  factuality_choice: (field) => {
    const given = coverage(field("submission"), field("expert"));
    const expected = coverage(field("expert"), field("submission"));
    const full = 0.99;
    const choice =
      given >= full && expected >= full
        ? "C"
        : given >= full
          ? "A"
          : expected >= full
            ? "B"
            : given < 0.5
              ? "D"
              : "E";
    return { reason: `${shown(given)}, ${shown(expected)}`, choice };
  },
  rubric: (field) => {
    const share = coverage(field("rubric"), field("output"));
    return { reason: shown(share), pass: share >= 0.5, score: share };
  },
  rubric_level: (field) => {
    const shares = listItems(field("levels")).map((level) => coverage(level, field("output")));
    return { reason: "the closest level", index: shares.indexOf(Math.max(...shares)) };
  },
  criterion: (field) => {
    const share = coverage(field("criterion"), field("submission"));
    return { reason: shown(share), verdict: share >= 0.5 ? "Y" : "N" };
  },
};

function supported(statement: string, text: string): { reason: string; verdict: 0 | 1 } {
  const share = coverage(statement, text);
  return { reason: shown(share), verdict: share >= 0.5 ? 1 : 0 };
}

function threeWay(statement: string, text: string): { reason: string; verdict: "yes" | "no" | "idk" } {
  const share = coverage(statement, text);
  return { reason: shown(share), verdict: share >= 0.5 ? "yes" : share >= 0.2 ? "idk" : "no" };
}

function ratingOf(share: number): 0 | 1 | 2 {
  return share >= 0.6 ? 2 : share >= 0.25 ? 1 : 0;
}

function shown(share: number): string {
  return `token coverage ${share.toFixed(2)}`;
}

function sentencesOf(text: string): string[] {
  return text
    .split(/(?<=[.!?。])\s+|\n+/u)
    .map((sentence) => sentence.trim())
    .filter((sentence) => tokensOf(sentence).length > 0);
}

function entitiesOf(text: string): string[] {
  const found = text.match(/[0-9][0-9,.]*[\p{L}%]*|\p{Lu}[\p{Ll}]+(?: \p{Lu}[\p{Ll}]+)*|[가-힣]{2,}/gu) ?? [];
  return [...new Set(found)];
}

/** Words and numbers in lower case; a run of Hangul as its pairs of syllables, so that particles weigh little. */
function tokensOf(text: string): string[] {
  const words =
    text
      .normalize("NFC")
      .toLowerCase()
      .match(/[가-힣]+|[^\W_]+|[\p{L}\p{N}]+/gu) ?? [];
  return words.flatMap((word) => {
    const letters = [...word];
    if (!/^[가-힣]+$/u.test(word) || letters.length === 1) return [word];
    return letters.slice(1).map((letter, at) => `${letters[at]}${letter}`);
  });
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}
