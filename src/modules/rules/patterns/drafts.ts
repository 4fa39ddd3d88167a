import { problem } from "../../../kernel/problem.ts";
import type { Due, Pass, Reopening, Take } from "./stage.ts";

/** A stage while it is built: `proceeds` are moves without an event. */
export interface Draft {
  readonly takes: Take[];
  readonly passes: Pass[];
  readonly dues: Due[];
  readonly proceeds: Proceed[];
}

export interface Proceed {
  readonly guard: readonly number[];
  readonly to: number;
  /** The guard is a step of its own, so an event that passes it can complete the match. */
  readonly confirms?: true;
}

/** What a partial match brings along into a stage until it takes its next event. */
export interface Carried {
  /** Conditions whose events end it. */
  readonly nots: readonly number[];
  /** Greedy steps before it. */
  readonly greedy: readonly Greedy[];
}

/** A greedy step that was left: what it could still take may be neither taken nor passed, until its end comes. */
export interface Greedy {
  readonly takes: number;
  readonly until?: number;
}

export const nothing: Carried = { nots: [], greedy: [] };

/** A point of the pattern, made into stages only as far as they can be reached. */
export interface Place {
  enter(carried: Carried): number;
  /** Steps that are complete where this place is entered and open again. */
  readonly reopen: readonly number[];
}

/** The place of a key, made when it is first asked for. */
export function once<Key>(places: Map<Key, Place>, key: Key, make: () => Place): Place {
  const known = places.get(key);
  if (known !== undefined) return known;
  const made = make();
  places.set(key, made);
  return made;
}

/** Where every match ends. */
export const finalStage = 0;
const maxStages = 5_000;

/** The stages of one pattern while it is compiled. */
export class Drafts {
  readonly list: Draft[] = [{ takes: [], passes: [], dues: [], proceeds: [] }];
  readonly reopenings: Reopening[] = [];
  private readonly unfilled: (() => void)[] = [];

  /**
   * A place whose stage is filled once for each set of things carried into it. Where a greedy step's end comes, the
   * stage gives way to the one without that step.
   */
  place(fill: (draft: Draft, carried: Carried, id: number) => void): Place {
    const known = new Map<string, number>();
    const enter = (carried: Carried): number => {
      const key = JSON.stringify([carried.nots, carried.greedy]);
      const existing = known.get(key);
      if (existing !== undefined) return existing;
      const draft: Draft = { takes: [], passes: [], dues: [], proceeds: [] };
      const id = this.list.push(draft) - 1;
      if (id >= maxStages) {
        throw problem(
          "invalid_input",
          "rules.pattern_too_large",
          "This pattern needs more than 5,000 stages.",
          {
            errors: [{ pointer: "/steps", code: "too_large", message: "Repeat fewer steps, or less often." }],
          },
        );
      }
      known.set(key, id);
      this.unfilled.push(() => {
        fill(draft, carried, id);
        for (const { until } of carried.greedy) {
          if (until === undefined) continue;
          const greedy = carried.greedy.filter((step) => step.until !== until);
          draft.proceeds.push({ guard: yes(until), to: enter({ nots: carried.nots, greedy }) });
        }
      });
      return id;
    };
    return { reopen: [], enter };
  }

  /** Fills every stage that can be reached, one after the other, so that long patterns need no deep stack. */
  fillAll(): void {
    for (let fill = this.unfilled.shift(); fill !== undefined; fill = this.unfilled.shift()) fill();
  }

  /** Reserves a reopening; where it leads is known once the step has been entered. */
  reopening(leaves: readonly number[]): { readonly index: number; set(to: number): void } {
    const index = this.reopenings.push({ to: finalStage, leaves }) - 1;
    return {
      index,
      set: (to) => {
        this.reopenings[index] = { to, leaves };
      },
    };
  }
}

/** The guard literals that keep what greedy steps would still take out of a move. */
export function spare({ greedy }: Carried): number[] {
  return no(...greedy.flatMap((step) => [step.takes, step.until]));
}

/** The guard literal "condition is true". */
export function yes(condition: number | undefined): number[] {
  return condition === undefined ? [] : [condition * 2 + 1];
}

/** The guard literals "none of the conditions is true". */
export function no(...conditions: readonly (number | undefined)[]): number[] {
  return conditions.flatMap((condition) => (condition === undefined ? [] : [condition * 2]));
}
