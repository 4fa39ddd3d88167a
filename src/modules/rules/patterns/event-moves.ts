import type { PatternVars } from "./condition.ts";
import type { CompiledPattern, Guard, Pass, Take } from "./stage.ts";

export interface Moves {
  readonly takes: readonly Take[];
  readonly passes: readonly Pass[];
}

const none: Moves = { takes: [], passes: [] };

/**
 * Which moves one event allows. Conditions that read no variables are tried once for all partial matches, and a stage
 * whose moves depend on none of them is decided once; the others are tried for each past.
 */
export class EventMoves<E> {
  private readonly shared: (boolean | undefined)[] = [];
  private readonly stages: (Moves | undefined)[] = [];
  private readonly pattern: CompiledPattern<E>;
  private readonly event: E;
  private readonly varsOf: (node: number) => PatternVars;

  constructor(pattern: CompiledPattern<E>, event: E, varsOf: (node: number) => PatternVars) {
    this.pattern = pattern;
    this.event = event;
    this.varsOf = varsOf;
  }

  of(stage: number, node: number): Moves {
    const known = this.stages[stage];
    if (known !== undefined) return known;
    const entry = this.pattern.stages[stage];
    if (entry === undefined) return none;
    let vars: PatternVars | undefined;
    const read = () => {
      vars ??= this.varsOf(node);
      return vars;
    };
    const moves = {
      takes: entry.takes.filter((take) => this.holds(take.guard, read)),
      passes: entry.passes.filter((pass) => this.holds(pass.guard, read)),
    };
    if (!entry.usesVars) this.stages[stage] = moves;
    return moves;
  }

  /** Whether a condition that reads no variables is true of the event. */
  isTrue(condition: number): boolean {
    return this.truth(condition, () => this.varsOf(0));
  }

  private holds(guard: Guard, vars: () => PatternVars): boolean {
    for (const literal of guard) {
      if (this.truth(literal >> 1, vars) !== (literal % 2 === 1)) return false;
    }
    return true;
  }

  private truth(index: number, vars: () => PatternVars): boolean {
    const known = this.shared[index];
    if (known !== undefined) return known;
    const condition = this.pattern.conditions[index];
    if (condition === undefined) return false;
    const truth = condition.test(this.event, condition.usesVars ? vars() : {}) === true;
    if (!condition.usesVars) this.shared[index] = truth;
    return truth;
  }
}
