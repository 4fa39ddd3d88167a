import type {
  EventStep,
  GroupStep,
  LogicalStep,
  PatternSpec,
  PatternStep,
  Times,
} from "../../../../contracts/rule-patterns.ts";
import { type FieldProblem, jsonPointer } from "../../../kernel/problem.ts";

/** What is wrong with a pattern, and what is allowed but dear or without effect. Pointers lead into the specification. */
export interface PatternReview {
  readonly errors: FieldProblem[];
  readonly warnings: FieldProblem[];
}

/** The least and the most events of a step; null has no end. */
export function timesOf(times: Times | undefined): Exclude<Times, number> {
  if (times === undefined) return { min: 1, max: 1 };
  return typeof times === "number" ? { min: times, max: times } : times;
}

/** Checks what the shape of a specification can't say. Pure; conditions are checked where they are compiled. */
export function reviewPattern(spec: PatternSpec): PatternReview {
  const review = new Review(spec);
  review.sequence(spec.steps, ["steps"], spec.withinMs === undefined, true);
  review.whole();
  return { errors: review.errors, warnings: review.warnings };
}

type Path = readonly PropertyKey[];

class Review {
  readonly errors: FieldProblem[] = [];
  readonly warnings: FieldProblem[] = [];
  readonly taking = new Set<string>();
  readonly names = new Set<string>();
  readonly spec: PatternSpec;

  constructor(spec: PatternSpec) {
    this.spec = spec;
  }

  error(path: Path, code: string, message: string): void {
    this.errors.push({ pointer: jsonPointer(path), code, message });
  }

  warn(path: Path, code: string, message: string): void {
    this.warnings.push({ pointer: jsonPointer(path), code, message });
  }

  name(name: string, path: Path, takes: boolean): void {
    if (this.names.has(name)) {
      this.error([...path, "var"], "duplicate_var", `The variable "${name}" is used by another step.`);
    }
    this.names.add(name);
    if (takes) this.taking.add(name);
  }

  /** `opening`: nothing must have happened before these steps. */
  sequence(steps: readonly PatternStep[], path: Path, unbounded: boolean, opening: boolean): void {
    let open = opening;
    steps.forEach((step, index) => {
      const at = [...path, index];
      if (step.kind === "not" && (open || index === 0)) {
        this.error(
          [...at, "contiguity"],
          "starts_with_not",
          "Before a negated step another step must happen.",
        );
      }
      if (index > 0 && open && hasAbsence(step)) {
        this.error(at, "optional_before_absence", "Before a first absence no step may be optional.");
      }
      const openHere = open;
      open &&= step.kind === "not" || canBeEmpty(step);
      if (step.kind === "event") this.event(step, at, unbounded);
      else if (step.kind === "group") this.group(step, at, unbounded, openHere);
      else if ("sides" in step) this.logical(step, at);
      else {
        this.name(step.var, at, false);
        if (step.kind === "not") this.not(steps, index, at, path.length > 1);
        else this.lasts(step.forMs, [...at, "forMs"], path.length > 1 || index > 0);
      }
    });
  }

  not(steps: readonly PatternStep[], index: number, at: Path, inGroup: boolean): void {
    const step = steps[index];
    if (step?.kind !== "not") return;
    const next = steps[index + 1];
    const trailing = !inGroup && step.contiguity === "notFollowedBy" && next === undefined;
    if (trailing && this.spec.withinMs === undefined && step.withinMs === undefined) {
      this.error(
        [...at, "withinMs"],
        "no_end",
        "As the last step, notFollowedBy needs withinMs: its own or the pattern's.",
      );
    }
    if (step.withinMs !== undefined) {
      this.lasts(step.withinMs, [...at, "withinMs"], false);
      if (!trailing) {
        this.error(
          [...at, "withinMs"],
          "not_last",
          "A negated step has a time of its own only as notFollowedBy at the end.",
        );
      }
    }
    if (next !== undefined && hasAbsence(next)) {
      this.error(at, "not_before_absence", "A negated step can't stand directly before an absence.");
    }
  }

  event(step: EventStep, at: Path, unbounded: boolean): void {
    this.name(step.var, at, true);
    this.repetition(step, at, unbounded);
    if (step.greedy && timesOf(step.times).min === timesOf(step.times).max && !step.optional) {
      this.warn(
        [...at, "greedy"],
        "greedy_without_effect",
        "Greedy changes nothing for a fixed number of events.",
      );
    }
    if (step.withinMs !== undefined) this.lasts(step.withinMs, [...at, "withinMs"], false);
    if (step.every && (step.times !== undefined || step.optional)) {
      this.error([...at, "every"], "every_repeats", "A step that opens again can't be optional or repeated.");
    }
  }

  group(step: GroupStep, at: Path, unbounded: boolean, opening: boolean): void {
    this.name(step.var, at, false);
    this.repetition(step, at, unbounded);
    this.sequence(step.steps, [...at, "steps"], unbounded && step.until === undefined, opening);
    if (!step.every) return;
    if (step.times !== undefined || step.optional) {
      this.error(
        [...at, "every"],
        "every_repeats",
        "A group that opens again can't be optional or repeated.",
      );
    }
    const last = step.steps.at(-1);
    const fixed =
      last?.kind === "event" && timesOf(last.times).min === timesOf(last.times).max && !last.optional;
    if (!fixed && last?.kind !== "and" && last?.kind !== "or" && last?.kind !== "absence") {
      this.error(
        [...at, "every"],
        "every_open_end",
        "A group that opens again must end with a step of fixed length.",
      );
    }
  }

  repetition(step: EventStep | GroupStep, at: Path, unbounded: boolean): void {
    const { min, max, withinMs } = timesOf(step.times);
    if (withinMs !== undefined) this.lasts(withinMs, [...at, "times", "withinMs"], false);
    if (max !== null && max < min) {
      this.error([...at, "times", "max"], "times_reversed", "The most can't be less than the least.");
    }
    for (const option of ["consecutive", "allowCombinations"] as const) {
      if (step[option] && step.times === undefined) {
        this.error([...at, option], "not_repeated", `"${option}" is for a step that repeats: set "times".`);
      }
    }
    if (step.consecutive && step.allowCombinations) {
      this.error(
        [...at, "consecutive"],
        "contradiction",
        "A step is consecutive or allows combinations, not both.",
      );
    }
    if (step.until !== undefined && min === max) {
      this.error(
        [...at, "until"],
        "until_without_loop",
        `"until" ends a repetition: set "times" to a range.`,
      );
    }
    if (max === null && unbounded && step.until === undefined) {
      this.warn(
        [...at, "times"],
        "unbounded",
        "Nothing ends this repetition: without until or withinMs, partial matches are kept until others displace them.",
      );
    }
  }

  logical(step: LogicalStep, at: Path): void {
    step.sides.forEach((side, index) => {
      const path = [...at, "sides", index];
      this.name(side.var, path, side.kind === "event");
      if (side.kind === "event") return;
      const other = step.sides[1 - index];
      if (side.forMs !== undefined) this.lasts(side.forMs, [...path, "forMs"], true);
      else if (step.kind === "or" || other?.kind === "absence") {
        this.error([...path, "forMs"], "no_end", "This absence needs a time.");
      }
    });
    if (step.withinMs !== undefined) this.lasts(step.withinMs, [...at, "withinMs"], false);
  }

  /** A time inside the pattern that its own limit would always cut off. */
  lasts(ms: number, path: Path, strict: boolean): void {
    const limit = this.spec.withinMs;
    if (limit !== undefined && (strict ? ms >= limit : ms > limit)) {
      this.error(
        path,
        "longer_than_pattern",
        "This is longer than the pattern's withinMs lets a match last.",
      );
    }
  }

  whole(): void {
    const { steps, afterMatch, emit, withinMs } = this.spec;
    if (steps.every((step) => step.kind === "not" || canBeEmpty(step))) {
      this.warn(
        ["steps"],
        "all_optional",
        "No step must happen, so any event that some step takes is a match.",
      );
    }
    const last = steps.at(-1);
    if (last?.kind === "event" && last.greedy) {
      this.warn(
        ["steps", steps.length - 1, "greedy"],
        "greedy_without_effect",
        "Nothing follows the last step, so it matches as soon as it can.",
      );
    }
    if ("var" in afterMatch && !this.taking.has(afterMatch.var)) {
      this.error(["afterMatch", "var"], "unknown_var", `No step takes events as "${afterMatch.var}".`);
    }
    const repeats = steps.some(
      (step) => canBeEmpty(step) || ("times" in step && timesOf(step.times).max !== 1),
    );
    if (afterMatch.strategy !== "noSkip" && emit === "inOrder" && withinMs === undefined && repeats) {
      this.warn(
        ["emit"],
        "may_wait",
        "Without withinMs a match may wait for an earlier partial match without end.",
      );
    }
  }
}

function hasAbsence(step: PatternStep): boolean {
  if (step.kind === "absence") return true;
  if ("sides" in step) return step.sides.some((side) => side.kind === "absence");
  const first = step.kind === "group" ? step.steps[0] : undefined;
  return first !== undefined && hasAbsence(first);
}

function canBeEmpty(step: PatternStep): boolean {
  if (step.kind === "event") return step.optional;
  if (step.kind === "group")
    return step.optional || step.steps.every((inner) => inner.kind === "not" || canBeEmpty(inner));
  return false;
}
