import type { FieldProblem, ProblemKind } from "../../../kernel/problem.ts";
import type { Refused } from "./commands.ts";

/** A refusal as a reply: the state stays as it is. */
export function refusal(
  kind: ProblemKind,
  code: string,
  detail: string,
  errors?: readonly FieldProblem[],
): Refused {
  return {
    ok: false,
    failure: errors === undefined ? { kind, code, detail } : { kind, code, detail, errors },
  };
}
