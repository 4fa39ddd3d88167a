import type { FieldProblem } from "../../../kernel/problem.ts";

/** Where a check writes what is wrong: the pointer of the value it looks at, and the list. */
export interface Trail {
  readonly at: string;
  readonly errors: FieldProblem[];
}

/**
 * Whether a value holds. With a trail all that is wrong is written down; without one the first fault ends it, so that a
 * value that holds costs no pointers.
 */
export type Check = (value: unknown, trail: Trail | undefined) => boolean;

export const below = (trail: Trail | undefined, name: string | number): Trail | undefined =>
  trail && { at: `${trail.at}/${escapeName(String(name))}`, errors: trail.errors };

/** A name as a part of a JSON pointer (RFC 6901). */
export const escapeName = (name: string): string => name.replaceAll("~", "~0").replaceAll("/", "~1");

/** Writes down what is wrong; always false. */
export function fault(trail: Trail | undefined, code: string, message: string): false {
  trail?.errors.push({ pointer: trail.at, code, message });
  return false;
}

/** A value for which every check holds. */
export function every(checks: readonly Check[]): Check {
  const [only] = checks;
  if (checks.length <= 1) return only ?? (() => true);
  return (value, trail) => {
    let holds = true;
    for (const check of checks) {
      if (check(value, trail)) continue;
      if (trail === undefined) return false;
      holds = false;
    }
    return holds;
  };
}
