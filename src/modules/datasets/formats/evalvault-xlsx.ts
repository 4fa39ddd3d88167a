import type { CaseFormat } from "./case-format.ts";
import { evalvaultRecord } from "./evalvault-record.ts";

/** EvalVault's workbook: the columns of its CSV on the sheet `test_cases`, or else on the first visible sheet. */
export const evalvaultXlsx: CaseFormat = {
  name: "evalvault-xlsx",
  containers: ["xlsx"],
  read: (fields, around) => evalvaultRecord(fields, around, true),
};
