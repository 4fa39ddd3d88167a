import type { Matcher } from "../../../contracts/alerts.ts";
import { problem } from "../../kernel/problem.ts";
import { compileMatchers } from "./matching/matchers.rules.ts";
import { parseMatchers } from "./matching/parse-matchers.rules.ts";

/** The matchers of a query's `match`. @throws invalid_input `alerts.bad_matchers` */
export function readMatchers(text: string): Matcher[] {
  try {
    const matchers = parseMatchers(text);
    compileMatchers(matchers);
    return matchers;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw problem("invalid_input", "alerts.bad_matchers", error.message, {
      errors: [{ pointer: "/query/match", code: "invalid", message: error.message }],
    });
  }
}
