import type {
  AbsenceStep,
  Contiguity,
  EventStep,
  GroupStep,
  NotStep,
  PatternSpec,
  PatternStep,
} from "../../../../contracts/rule-patterns.ts";
import {
  type Carried,
  type Draft,
  Drafts,
  finalStage,
  type Greedy,
  no,
  nothing,
  type Place,
  spare,
  yes,
} from "./drafts.ts";
import { logicalPlace } from "./logical-place.ts";
import { timesOf } from "./spec-problems.rules.ts";
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
    return this.sequence(this.spec.steps, ["steps"], end, base).enter(nothing);
  }

  leaf(name: string): number {
    const known = this.leaves.indexOf(name);
    return known >= 0 ? known : this.leaves.push(name) - 1;
  }

  private sequence(
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
    if (step.kind === "event") return this.event(step, around);
    if (step.kind === "not") return this.not(step, around);
    if (step.kind === "absence") return this.absence(step, around);
    if (step.kind === "group") return this.group(step, around);
    return logicalPlace(this, step, around);
  }

  private event(step: EventStep, around: Around): Place {
    const { next, untils, path } = around;
    const { min, max, withinMs: gapMs } = timesOf(step.times);
    const leaf = this.leaf(step.var);
    const where = this.conditions.at([...path, "where"]);
    const until = this.conditions.at([...path, "until"]);
    const mayRepeat = max === null || max > min || step.optional;
    const greedy: Greedy[] =
      step.greedy && mayRepeat
        ? [{ takes: this.conditions.without(where, until), ...(until === undefined ? {} : { until }) }]
        : [];
    const inner: Contiguity = step.consecutive
      ? "next"
      : step.allowCombinations
        ? "followedByAny"
        : "followedBy";
    const places = new Map<string, Place>();

    const at = (count: number, passed: boolean): Place => {
      const key = `${count}${passed}`;
      const known = places.get(key);
      if (known !== undefined) return known;
      const made = this.drafts.place((draft, carried, id) => fill(draft, carried, id, count, passed));
      places.set(key, made);
      return made;
    };

    const fill = (draft: Draft, carried: Carried, id: number, count: number, passed: boolean) => {
      const begun = count > 0;
      const taken = count + 1;
      const mayLeave = !passed && (begun ? count >= min : step.optional);
      const ends = begun ? [...around.followingNots, ...(mayLeave ? around.followingNotNexts : [])] : [];
      const withinMs = begun ? (gapMs ?? step.withinMs) : step.withinMs;
      const full = taken === max;
      const to = full
        ? next.enter(nothing)
        : at(max === null ? Math.min(taken, min) : taken, false).enter(nothing);
      const reopen = full ? [...next.reopen, ...this.reopenAt(step.every, id, [leaf])] : [];
      draft.takes.push({
        guard: [...yes(where), ...no(until, ...untils, ...ends), ...spare(carried)],
        leaves: [leaf],
        to,
        ...(withinMs === undefined ? {} : { withinMs }),
        ...(reopen.length === 0 ? {} : { reopen }),
      });
      const contiguity = begun ? inner : (around.contiguity ?? step.contiguity);
      if (contiguity !== "next" && !(contiguity === "followedBy" && where === undefined)) {
        draft.passes.push({
          guard: [
            ...no(...carried.nots),
            ...spare(carried),
            ...(contiguity === "followedBy" ? no(where) : []),
            ...(begun ? no(until, ...ends) : []),
            ...(begun || !around.unbegun ? no(...untils) : []),
          ],
          to: mayLeave ? at(count, true).enter(carried) : id,
        });
      }
      for (const ended of carried.greedy) {
        if (ended.until === undefined) continue;
        const rest = carried.greedy.filter((other) => other !== ended);
        const to = at(count, passed).enter({ nots: carried.nots, greedy: rest });
        draft.proceeds.push({ guard: yes(ended.until), to });
      }
      if (mayLeave) {
        const along = begun ? nothing : carried;
        draft.proceeds.push({
          guard: [],
          to: next.enter({ nots: along.nots, greedy: [...along.greedy, ...greedy] }),
        });
      }
    };
    return at(0, false);
  }

  private not(step: NotStep, { path, next, last }: Around): Place {
    const where = this.conditions.at([...path, "where"]);
    if (where === undefined) return next;
    if (step.contiguity === "notNext") {
      return this.drafts.place((draft, carried) => {
        draft.proceeds.push({
          guard: [...no(where, ...carried.nots), ...spare(carried)],
          to: next.enter(carried),
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

  private group(step: GroupStep, around: Around): Place {
    const { min, max } = timesOf(step.times);
    const until = this.conditions.at([...around.path, "until"]);
    const untils = until === undefined ? around.untils : [...around.untils, until];
    const inner: Contiguity = step.consecutive
      ? "next"
      : step.allowCombinations
        ? "followedByAny"
        : "followedBy";
    const path = [...around.path, "steps"];
    const reopening = step.every ? this.drafts.reopening(this.leavesOf(step.steps)) : undefined;
    const leave: Place = {
      enter: (carried) => around.next.enter(carried),
      reopen: reopening === undefined ? around.next.reopen : [...around.next.reopen, reopening.index],
    };
    const rounds = new Map<number, Place>();

    const round = (count: number): Place => {
      const known = rounds.get(count);
      if (known !== undefined) return known;
      const made = this.sequence(step.steps, path, after(count + 1), {
        untils,
        unbegun: count === 0,
        contiguity: count === 0 ? (around.contiguity ?? step.contiguity) : inner,
        first: around.first && count === 0,
        last: false,
      });
      rounds.set(count, made);
      return made;
    };

    const after = (done: number): Place => {
      if (done === max) return leave;
      const count = max === null ? Math.min(done, min) : done;
      if (done < min) return { reopen: [], enter: (carried) => round(count).enter(carried) };
      return either(
        () => round(count),
        () => leave,
      );
    };

    const either = (one: () => Place, other: () => Place): Place =>
      this.drafts.place((draft, carried) => {
        draft.proceeds.push(
          { guard: [], to: one().enter(carried) },
          { guard: [], to: other().enter(carried) },
        );
      });

    if (step.optional) {
      return either(
        () => round(0),
        () => around.next,
      );
    }
    return {
      reopen: [],
      enter: (carried) => {
        const to = round(0).enter(carried);
        reopening?.set(to);
        return to;
      },
    };
  }

  /** The reopening of a step at the stage where it is entered, when it has one. */
  reopenAt(every: boolean, stage: number, leaves: readonly number[]): number[] {
    if (!every) return [];
    const reopening = this.drafts.reopening(leaves);
    reopening.set(stage);
    return [reopening.index];
  }

  private leavesOf(steps: readonly PatternStep[]): number[] {
    return steps.flatMap((step) => {
      if (step.kind === "event") return [this.leaf(step.var)];
      if (step.kind === "group") return this.leavesOf(step.steps);
      if ("sides" in step) return step.sides.map((side) => this.leaf(side.var));
      return [];
    });
  }
}
