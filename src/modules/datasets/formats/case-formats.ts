import type { CaseFormat } from "./case-format.ts";
import { evalvaultCsv } from "./evalvault-csv.ts";
import { evalvaultJson } from "./evalvault-json.ts";
import { evalvaultXlsx } from "./evalvault-xlsx.ts";
import type { FormatName } from "./format-name.ts";
import { langfuseExport } from "./langfuse-export.ts";
import { maruJsonl } from "./maru-jsonl.ts";
import { openaiEvalsJsonl } from "./openai-evals-jsonl.ts";
import { promptfooYaml } from "./promptfoo-yaml.ts";
import { ragasCsv } from "./ragas-csv.ts";
import { ragasJson } from "./ragas-json.ts";
import { ragasJsonl } from "./ragas-jsonl.ts";

/** Every format by its name. */
export const caseFormats: Readonly<Record<FormatName, CaseFormat>> = {
  "maru-jsonl": maruJsonl,
  "ragas-jsonl": ragasJsonl,
  "ragas-json": ragasJson,
  "ragas-csv": ragasCsv,
  "evalvault-json": evalvaultJson,
  "evalvault-csv": evalvaultCsv,
  "evalvault-xlsx": evalvaultXlsx,
  "promptfoo-yaml": promptfooYaml,
  "langfuse-export": langfuseExport,
  "openai-evals-jsonl": openaiEvalsJsonl,
};
