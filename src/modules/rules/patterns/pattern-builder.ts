import type {
  AbsenceStep,
  Contiguity,
  NotStep,
  PatternSpec,
  PatternStep,
} from "../../../../contracts/rule-patterns.ts";
import { Drafts, finalStage, no, nothing, type Place, spare, yes } from "./drafts.ts";
import { eventPlace } from "./event-place.ts";
import { groupPlace } from "./group-place.ts";
import { logicalPlace } from "./logical-place.ts";
import type { StepConditions } from "./step-conditions.ts";

export type Path = readonly PropertyKey[];

/** What surrounds a step. */
export interface Around {
  readonly path: Path;
  readonly next: Place;
  /** Conditions that end the groups it stands in. */
  readonly untils: readonly number[];
  /** The group it is the head of hasn't begun, so `untils` don't hold yet. */
  readonly unbegun: boolean;
  /** Contiguity that the group gives its head. */
  readonly contiguity?: Contiguity;
  /** `notFollowedBy` and `notNext` steps that follow directly: they end a repetition too. */
  readonly followingNots: readonly number[];
  readonly followingNotNexts: readonly number[];
  /** The very first step of the pattern. */
  readonly first: boolean;
  /** The last step of the pattern itself. */
  readonly last: boolean;
}

/**
 * Turns steps into stages from the end to the beginning. A step is a place that knows the place after it; negated steps
 * and greedy ones leave no stage of their own but travel along as conditions on the moves of what follows.
 */
export class PatternBuilder<E> {
  readonly drafts = new Drafts();
  readonly leaves: string[] = [];
  readonly conditions: StepConditions<E>;
  readonly spec: PatternSpec;

  constructor(spec: PatternSpec, conditions: StepConditions<E>) {
    this.spec = spec;
    this.conditions = conditions;
  }

  /** Builds the whole pattern; answers the stage where it begins. */
  build(): number {
    const end: Place = { enter: () => finalStage, reopen: [] };
    const base = { untils: [], unbegun: false, first: true, last: true };
    const start = this.sequence(this.spec.steps, ["steps"], end, base).enter(nothing);
    this.drafts.fillAll();
    return start;
  }

  leaf(name: string): number {
    const known = this.leaves.indexOf(name);
    return known >= 0 ? known : this.leaves.push(name) - 1;
  }

  sequence(
    steps: readonly PatternStep[],
    path: Path,
    after: Place,
    base: Pick<Around, "untils" | "unbegun" | "contiguity" | "first" | "last">,
  ): Place {
    let next = after;
    let followingNots: number[] = [];
    let followingNotNexts: number[] = [];
    for (let index = steps.length - 1; index >= 0; index -= 1) {
      const step = steps[index];
      if (step === undefined) break;
      const at = [...path, index];
      const head = index === 0;
      const around: Around = {
        path: at,
        next,
        untils: base.untils,
        unbegun: head && base.unbegun,
        ...(head && base.contiguity !== undefined ? { contiguity: base.contiguity } : {}),
        followingNots,
        followingNotNexts,
        first: head && base.first,
        last: index === steps.length - 1 && base.last,
      };
      next = this.step(step, around);
      const where = this.conditions.at([...at, "where"]);
      if (step.kind !== "not" || where === undefined) {
        followingNots = [];
        followingNotNexts = [];
      } else if (step.contiguity === "notFollowedBy") followingNots = [where, ...followingNots];
      else followingNotNexts = [where, ...followingNotNexts];
    }
    return next;
  }

  private step(step: PatternStep, around: Around): Place {
    if (step.kind === "event") return eventPlace(this, step, around);
    if (step.kind === "not") return this.not(step, around);
    if (step.kind === "absence") return this.absence(step, around);
    if (step.kind === "group") return groupPlace(this, step, around);
    return logicalPlace(this, step, around);
  }

  private not(step: NotStep, { path, next, last }: Around): Place {
    const where = this.conditions.at([...path, "where"]);
    if (where === undefined) return next;
    if (step.contiguity === "notNext") {
      return this.drafts.place((draft, carried) => {
        draft.proceeds.push({
          guard: [...no(where), ...spare(carried)],
          to: next.enter(carried),
          confirms: true,
        });
      });
    }
    if (!last) {
      return {
        reopen: [],
        enter: (carried) => next.enter({ nots: [...carried.nots, where], greedy: carried.greedy }),
      };
    }
    return this.drafts.place((draft, carried, id) => {
      draft.passes.push({ guard: [...no(where, ...carried.nots), ...spare(carried)], to: id });
      draft.dues.push(
        step.withinMs === undefined
          ? { base: "first", ms: this.spec.withinMs ?? 0, to: finalStage }
          : { base: "last", ms: step.withinMs, to: finalStage },
      );
    });
  }

  private absence(step: AbsenceStep, { path, next, first, untils }: Around): Place {
    const where = this.conditions.at([...path, "where"]);
    return this.drafts.place((draft, carried, id) => {
      draft.passes.push({ guard: [...no(where, ...carried.nots, ...untils), ...spare(carried)], to: id });
      if (first) draft.passes.push({ guard: yes(where), to: id, restart: true });
      const reopen = [...next.reopen, ...this.reopenAt(step.every, id, [])];
      draft.dues.push({
        base: "since",
        ms: step.forMs,
        to: next.enter(nothing),
        ...(reopen.length === 0 ? {} : { reopen }),
      });
    });
  }

  /** The reopening of a step at the stage where it is entered, when it has one. */
  reopenAt(every: boolean, stage: number, leaves: readonly number[]): number[] {
    if (!every) return [];
    const reopening = this.drafts.reopening(leaves);
    reopening.set(stage);
    return [reopening.index];
  }

  leavesOf(steps: readonly PatternStep[]): number[] {
    return steps.flatMap((step) => {
      if (step.kind === "event") return [this.leaf(step.var)];
      if (step.kind === "group") return this.leavesOf(step.steps);
      if ("sides" in step) return step.sides.map((side) => this.leaf(side.var));
      return [];
    });
  }
}
