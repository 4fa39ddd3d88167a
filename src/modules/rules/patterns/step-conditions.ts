import type { PatternStep } from "../../../../contracts/rule-patterns.ts";
import { AppError, type FieldProblem, jsonPointer } from "../../../kernel/problem.ts";
import type { ConditionPlace, StepCondition } from "./condition.ts";

/** Gives the compiled form of a condition, or throws an `AppError` that says what is wrong with it. */
export type ConditionOf<E> = (source: string, place: ConditionPlace) => StepCondition<E>;

/** The conditions of a pattern, each text once, and where the steps find theirs. */
export class StepConditions<E> {
  readonly list: StepCondition<E>[] = [];
  readonly errors: FieldProblem[] = [];
  private readonly bySource = new Map<string, number>();
  private readonly byPointer = new Map<string, number>();
  private readonly conditionOf: ConditionOf<E>;

  constructor(conditionOf: ConditionOf<E>) {
    this.conditionOf = conditionOf;
  }

  /** Compiles every condition of the steps, in their order. */
  read(steps: readonly PatternStep[], path: readonly PropertyKey[], vars: string[]): void {
    steps.forEach((step, index) => {
      const at = [...path, index];
      if (step.kind === "group") {
        this.read(step.steps, [...at, "steps"], vars);
        this.add(step.until, [...at, "until"], vars);
      } else if ("sides" in step) {
        const own = step.sides.filter((side) => side.kind === "event").map((side) => side.var);
        step.sides.forEach((side, n) => {
          this.add(side.where, [...at, "sides", n, "where"], [...vars, ...own]);
        });
        vars.push(...own);
      } else {
        if (step.kind === "event") vars.push(step.var);
        this.add(step.where, [...at, "where"], vars);
        if (step.kind === "event") this.add(step.until, [...at, "until"], vars);
      }
    });
  }

  /** The index of the condition at a place of the specification; undefined where it has none. */
  at(path: readonly PropertyKey[]): number | undefined {
    return this.byPointer.get(jsonPointer(path));
  }

  /** A condition made of others: `taken` and not `ended`; a missing `taken` is always true. */
  without(taken: number | undefined, ended: number | undefined): number {
    if (taken !== undefined && ended === undefined) return taken;
    const a = taken === undefined ? undefined : this.list[taken];
    const b = ended === undefined ? undefined : this.list[ended];
    return this.push({
      test: (event, vars) =>
        (a === undefined || a.test(event, vars) === true) && b?.test(event, vars) !== true,
      usesVars: (a?.usesVars ?? false) || (b?.usesVars ?? false),
    });
  }

  private add(source: string | undefined, path: readonly PropertyKey[], vars: readonly string[]): void {
    if (source === undefined) return;
    const pointer = jsonPointer(path);
    const known = this.bySource.get(source);
    try {
      const condition = this.conditionOf(source, { pointer, vars: [...vars] });
      const index = known ?? this.push(condition);
      this.bySource.set(source, index);
      this.byPointer.set(pointer, index);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const { code, detail, errors } = error.failure;
      this.errors.push(...(errors ?? [{ pointer, code, message: detail }]));
    }
  }

  private push(condition: StepCondition<E>): number {
    return this.list.push(condition) - 1;
  }
}
