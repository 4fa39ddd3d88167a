import { EvaluationCase } from "../../../../contracts/evaluation-case.ts";
import { jsonPointer } from "../../../kernel/problem.ts";
import { emptyDraft } from "./case-draft.ts";
import type { CaseFormat } from "./case-format.ts";
import { readId } from "./field-values.ts";

const Body = EvaluationCase.omit({ caseId: true, source: true });
const bodyNames = Object.keys(Body.shape);

/** Maru's own cases, one a line, as the JSONL export writes them; `source` is made anew and the old one is kept. */
export const maruJsonl: CaseFormat = {
  name: "maru-jsonl",
  containers: ["jsonl"],
  read: (fields) => {
    const id = readId(fields.take("caseId", ["caseId"]), fields.notes);
    const body = Object.fromEntries(
      bodyNames.flatMap((name) => {
        const found = fields.plain([name]);
        return found ? [[name, found.value]] : [];
      }),
    );
    if (body.input === undefined) return [{ ...emptyDraft(), id }];
    const parsed = Body.safeParse(body);
    if (!parsed.success) {
      for (const issue of parsed.error.issues) {
        fields.notes.reject(jsonPointer(issue.path), "not_a_case", issue.message);
      }
      return [];
    }
    return [{ ...parsed.data, id }];
  },
};
