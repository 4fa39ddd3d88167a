import * as z from "zod";

/** The formats a data set can arrive in. */
export const FormatName = z.enum([
  "maru-jsonl",
  "ragas-jsonl",
  "ragas-csv",
  "ragas-json",
  "evalvault-json",
  "evalvault-csv",
  "evalvault-xlsx",
  "promptfoo-yaml",
  "langfuse-export",
  "openai-evals-jsonl",
]);
export type FormatName = z.infer<typeof FormatName>;

/** How the records of a file are laid out, whatever they mean. */
export const Container = z.enum(["jsonl", "json", "csv", "xlsx", "yaml"]);
export type Container = z.infer<typeof Container>;
