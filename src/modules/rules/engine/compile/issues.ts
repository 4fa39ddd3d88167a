import { type FieldProblem, jsonPointer } from "../../../../kernel/problem.ts";
import { compileExpr } from "../../expr/compile-expr.ts";
import { compileTemplate, type Template } from "../../expr/compile-template.ts";
import type { Expr, ExprIssue, ExprTypes } from "../../expr/expr.ts";
import { type CelType, typeText } from "../../expr/values/type.ts";

/** A remark or an error of an expression in a rule, with its place inside the expression. */
export interface RuleIssue extends FieldProblem {
  readonly line?: number;
  readonly column?: number;
}

type Path = readonly PropertyKey[];

/** Compiles the expressions of one rule and gathers what is wrong with them, each with a pointer to its field. */
export class RuleIssues {
  readonly problems: RuleIssue[] = [];
  readonly notes: RuleIssue[] = [];

  expr(
    path: Path,
    source: string,
    types: ExprTypes,
    kinds: readonly CelType["kind"][] = [],
  ): Expr | undefined {
    const outcome = compileExpr(source, types);
    if (!outcome.ok) {
      this.add(this.problems, path, outcome.issues);
      return undefined;
    }
    this.add(this.notes, path, outcome.expr.notes);
    const { type } = outcome.expr;
    if (kinds.length > 0 && type.kind !== "dyn" && !kinds.includes(type.kind)) {
      this.problem(path, "wrong_type", `This gives ${typeText(type)}; it should give ${kinds.join(" or ")}.`);
    }
    return outcome.expr;
  }

  template(path: Path, source: string, types: ExprTypes): Template | undefined {
    const outcome = compileTemplate(source, types);
    if (outcome.ok) return outcome.template;
    this.add(this.problems, path, outcome.issues);
    return undefined;
  }

  problem(path: Path, code: string, message: string): void {
    this.problems.push({ pointer: jsonPointer(path), code, message });
  }

  private add(list: RuleIssue[], path: Path, issues: readonly ExprIssue[]): void {
    for (const { code, message, line, column } of issues) {
      list.push({ pointer: jsonPointer(path), code, message, line, column });
    }
  }
}
