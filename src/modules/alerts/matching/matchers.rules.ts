import type { Labels, Matcher } from "../../../../contracts/alerts.ts";
import type { FieldProblem } from "../../../kernel/problem.ts";
import { valuePattern } from "./value-pattern.ts";

/** Whether labels fulfil a list of matchers; a label that is missing reads as "". */
export type LabelTest = (labels: Labels) => boolean;

/** Compiles matchers that must all hold; no matchers hold for everything. Throws `SyntaxError` for a bad pattern. */
export function compileMatchers(matchers: readonly Matcher[]): LabelTest {
  const tests = matchers.map(compileMatcher);
  const [only] = tests;
  if (tests.length === 1 && only !== undefined) return only;
  return (labels) => tests.every((test) => test(labels));
}

function compileMatcher({ name, op, value }: Matcher): LabelTest {
  const of = (labels: Labels) => (Object.hasOwn(labels, name) ? (labels[name] ?? "") : "");
  if (op === "=") return (labels) => of(labels) === value;
  if (op === "!=") return (labels) => of(labels) !== value;
  const matches = valuePattern(value);
  return op === "=~" ? (labels) => matches(of(labels)) : (labels) => !matches(of(labels));
}

/** What is wrong with the patterns of matchers, each with a pointer below `at`. */
export function matcherProblems(matchers: readonly Matcher[], at: string): FieldProblem[] {
  return matchers.flatMap((matcher, index) => {
    try {
      compileMatcher(matcher);
      return [];
    } catch (error) {
      const message = error instanceof Error ? error.message : "The pattern can't be read.";
      return [{ pointer: `${at}/${index}/value`, code: "bad_pattern", message }];
    }
  });
}

/** Matchers as text, in the order of names: `{env="prod",job=~"a.*"}`. */
export function matchersText(matchers: readonly Matcher[]): string {
  const parts = matchers.map(({ name, op, value }) => `${nameText(name)}${op}${JSON.stringify(value)}`);
  return `{${parts.sort().join(",")}}`;
}

/** A label's name as text, quoted when it has characters that would make a list of labels ambiguous. */
export function nameText(name: string): string {
  return /^[\p{L}\p{N}_.:/-]+$/u.test(name) ? name : JSON.stringify(name);
}
