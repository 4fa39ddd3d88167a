import type { Container, FormatName } from "./format-name.ts";

export interface Detection {
  readonly format: FormatName;
  readonly container: Container;
  readonly by: "option" | "content" | "name";
  readonly reason: string;
}

type Keys = ReadonlySet<string>;

function any(keys: Keys, names: readonly string[]): string | undefined {
  return names.find((name) => keys.has(name));
}

const langfuseKeys = [
  "datasetId",
  "datasetName",
  "expectedOutput",
  "sourceTraceId",
  "sourceObservationId",
  "sessionId",
];
const ragasKeys = [
  "user_input",
  "retrieved_contexts",
  "reference_contexts",
  "reference",
  "ground_truths",
  "response",
];
const questionKeys = ["question", "query", "prompt", "input"];
const pairKeys = ["answer", "output", "contexts", "context", "ground_truth", "expected_output"];

/** The format whose names the first record of a JSON file bears, with the reason. */
export function formatOfJson(
  container: "json" | "jsonl",
  recordKeys: readonly string[],
  envelopeKeys: readonly string[],
): Omit<Detection, "by" | "container"> | undefined {
  const keys = new Set(recordKeys);
  const around = new Set(envelopeKeys);
  const evalvault = any(around, ["test_cases", "conversations"]) ?? any(keys, ["turns"]);
  if (container === "json" && evalvault) return { format: "evalvault-json", reason: `it has "${evalvault}"` };
  if (keys.has("caseId") && keys.has("input") && container === "jsonl") {
    return { format: "maru-jsonl", reason: 'its records have "caseId" and "input"' };
  }
  if (keys.has("input") && keys.has("ideal") && container === "jsonl") {
    return { format: "openai-evals-jsonl", reason: 'its records have "input" and "ideal"' };
  }
  const langfuse = any(keys, langfuseKeys);
  if (langfuse && keys.has("input"))
    return { format: "langfuse-export", reason: `its records have "${langfuse}"` };
  const rows = container === "jsonl" ? "ragas-jsonl" : "ragas-json";
  const ragas = any(keys, ragasKeys);
  if (ragas) return { format: rows, reason: `its records have "${ragas}"` };
  const question = any(keys, questionKeys);
  const pair = any(keys, pairKeys);
  if (question && pair) return { format: rows, reason: `its records have "${question}" and "${pair}"` };
  return undefined;
}

/** The format whose columns a header has, with the reason; a workbook is always read by EvalVault's columns. */
export function formatOfHeader(header: readonly string[]): Omit<Detection, "by" | "container"> | undefined {
  const keys = new Set(header);
  const threshold =
    header.find((name) => name.startsWith("threshold_")) ?? any(keys, ["summary_tags", "summary_intent"]);
  if (threshold) return { format: "evalvault-csv", reason: `it has the column "${threshold}"` };
  const langfuse = any(keys, [...langfuseKeys, "dataset_id", "source_trace_id"]);
  if (langfuse && keys.has("input"))
    return { format: "langfuse-export", reason: `it has the column "${langfuse}"` };
  if (["id", "question", "answer", "contexts"].every((name) => keys.has(name))) {
    return {
      format: "evalvault-csv",
      reason: 'it has the columns "id", "question", "answer" and "contexts"',
    };
  }
  const ragas = any(keys, ragasKeys);
  if (ragas) return { format: "ragas-csv", reason: `it has the column "${ragas}"` };
  const question = any(keys, questionKeys);
  const pair = any(keys, pairKeys);
  if (question && pair)
    return { format: "ragas-csv", reason: `it has the columns "${question}" and "${pair}"` };
  return undefined;
}

const promptfooWords = /^(?:tests|scenarios|defaultTest|prompts|providers|targets)[ \t]*:/m;

/** Whether text looks like a promptfoo configuration in YAML or, with its keys at the root, in JSON. */
export function looksLikePromptfoo(head: string, rootKeys: readonly string[] | undefined): boolean {
  if (rootKeys)
    return rootKeys.includes("tests") || rootKeys.includes("scenarios") || rootKeys.includes("defaultTest");
  return promptfooWords.test(head) || /^[ \t]*-[ \t]+(?:vars|assert|description)[ \t]*:/m.test(head);
}

const byExtension: ReadonlyMap<string, Container> = new Map([
  ["jsonl", "jsonl"],
  ["ndjson", "jsonl"],
  ["json", "json"],
  ["csv", "csv"],
  ["tsv", "csv"],
  ["xlsx", "xlsx"],
  ["yaml", "yaml"],
  ["yml", "yaml"],
]);

const byMediaType: ReadonlyMap<string, Container> = new Map([
  ["application/jsonl", "jsonl"],
  ["application/x-ndjson", "jsonl"],
  ["application/x-jsonlines", "jsonl"],
  ["application/json", "json"],
  ["text/csv", "csv"],
  ["text/tab-separated-values", "csv"],
  ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"],
  ["application/yaml", "yaml"],
  ["text/yaml", "yaml"],
  ["application/x-yaml", "yaml"],
]);

/** What a file's name or media type says of its container; undefined when they say nothing. */
export function containerByName(
  fileName: string | undefined,
  contentType: string | undefined,
): Container | undefined {
  const name = fileName?.toLowerCase() ?? "";
  const type = contentType?.split(";")[0]?.trim().toLowerCase() ?? "";
  return byExtension.get(name.slice(name.lastIndexOf(".") + 1)) ?? byMediaType.get(type);
}
