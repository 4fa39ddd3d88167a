import { canonicalJson } from "../../../kernel/json.ts";

export interface MappedAssertion {
  readonly metric: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly threshold?: number;
  /** The value is what the metric compares with: it has to be the case's reference. */
  readonly reference?: string;
}

/** The longest pattern that `matches_pattern` takes. */
const maxPatternLength = 2_000;

type Reader = (value: unknown, threshold: number | undefined) => MappedAssertion | undefined;

function asText(value: unknown): string {
  return typeof value === "string" ? value : canonicalJson(value);
}

/** Passes or fails, so the score has to be 1. */
function exact(metric: string, options: MappedAssertion["options"] = {}): MappedAssertion {
  return { metric, options, threshold: 1 };
}

function contains(mode: "all" | "any", caseSensitive: boolean): Reader {
  return (value) => {
    const list = Array.isArray(value)
      ? value
      : mode === "any" && typeof value === "string"
        ? value.split(",")
        : [value];
    const values = list.flatMap((item) => (item === null || item === undefined ? [] : [asText(item).trim()]));
    const wanted = values.filter((item) => item !== "");
    return wanted.length > 0 ? exact("contains", { values: wanted, mode, caseSensitive }) : undefined;
  };
}

function pattern(value: unknown): MappedAssertion | undefined {
  const usable = typeof value === "string" && value !== "" && value.length <= maxPatternLength;
  return usable ? exact("matches_pattern", { pattern: value }) : undefined;
}

function compared(metric: string, fallback: number, options: MappedAssertion["options"] = {}): Reader {
  return (value, threshold = fallback) => {
    if (value === null || value === undefined) return { metric, options, threshold };
    const first = Array.isArray(value) ? value[0] : value;
    return { metric, options, threshold, reference: asText(first) };
  };
}

function judged(metric: string, option?: string): Reader {
  return (value, threshold) => {
    const held = threshold === undefined ? {} : { threshold };
    if (option === undefined || value === null || value === undefined)
      return { metric, options: {}, ...held };
    const text = Array.isArray(value) ? value.map(asText).join("\n") : asText(value);
    return { metric, options: { [option]: text }, ...held };
  };
}

const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  [
    "equals",
    (value) =>
      value === undefined
        ? undefined
        : { ...exact("exact_match", { normalize: "nfc" }), reference: asText(value) },
  ],
  ["contains", contains("all", true)],
  ["contains-any", contains("any", true)],
  ["contains-all", contains("all", true)],
  ["icontains", contains("all", false)],
  ["icontains-any", contains("any", false)],
  ["icontains-all", contains("all", false)],
  [
    "starts-with",
    (value) => (typeof value === "string" && value !== "" ? exact("starts_with", { value }) : undefined),
  ],
  ["is-json", (value) => (value === undefined || value === null ? exact("is_json") : undefined)],
  [
    "contains-json",
    (value) => (value === undefined || value === null ? exact("is_json", { where: "fenced" }) : undefined),
  ],
  ["is-refusal", () => exact("is_refusal")],
  [
    "levenshtein",
    (value, threshold = 5) => ({
      ...exact("levenshtein_similarity", { maxDistance: threshold }),
      reference: asText(value),
    }),
  ],
  ["rouge-n", compared("rouge_n", 0.75)],
  ["bleu", compared("bleu", 0.5)],
  ["gleu", compared("gleu", 0.5)],
  ["meteor", compared("meteor", 0.5)],
  ["regex", pattern],
  ["similar", compared("semantic_similarity", 0.75)],
  ["similar:cosine", compared("semantic_similarity", 0.75)],
  ["factuality", compared("factuality", 1)],
  ["model-graded-factuality", compared("factuality", 1)],
  ["context-recall", compared("context_recall", 0)],
  ["llm-rubric", judged("llm_rubric", "rubric")],
  ["g-eval", (value, threshold = 0.7) => judged("g_eval", "criteria")(value, threshold)],
  ["model-graded-closedqa", judged("closed_qa", "criteria")],
  ["answer-relevance", judged("answer_relevancy")],
  [
    "context-relevance",
    (_value, threshold) => ({
      ...judged("context_relevance")(undefined, threshold),
      metric: "context_relevance",
      options: { variant: "units" },
    }),
  ],
  ["context-faithfulness", judged("faithfulness")],
]);

/**
 * The metric of Maru that scores what a promptfoo assertion asks, with its options and the score it has to reach
 * (promptfoo's own default where the file names none). Undefined when there is none: a schema, a cost or latency
 * limit, a trace, a comparison of outputs.
 */
export function mapAssertion(
  type: string,
  value: unknown,
  threshold: number | undefined,
): MappedAssertion | undefined {
  return readers.get(type)?.(value, threshold);
}
