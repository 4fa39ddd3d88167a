import type { CaseFormat } from "./case-format.ts";
import { evalvaultRecord } from "./evalvault-record.ts";

/** EvalVault's CSV: contexts as a JSON array or `a|b|c`, thresholds in `threshold_*` columns, often in CP949. */
export const evalvaultCsv: CaseFormat = {
  name: "evalvault-csv",
  containers: ["csv"],
  read: (fields, around) => evalvaultRecord(fields, around, true),
};
