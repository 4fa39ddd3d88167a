import type { Problem } from "./client/problem.ts";
import { type ExitCode, exitCodeOf, exitCodes } from "./exit-codes.ts";
import type { Text } from "./language/language.ts";

/** A failure that the user can act on: said in both languages, with what to do next where there is something. */
export class CliError extends Error {
  override readonly name = "CliError";
  readonly text: Text;
  readonly hint: Text | undefined;
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, text: Text, hint?: Text) {
    super(text.en);
    this.exitCode = exitCode;
    this.text = text;
    this.hint = hint;
  }
}

/** The server's refusal, as the problem document it sent. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly problem: Problem;
  readonly retryAfterMs: number | undefined;

  constructor(problem: Problem, retryAfterMs?: number) {
    super(`${problem.code}: ${problem.detail}`);
    this.problem = problem;
    this.retryAfterMs = retryAfterMs;
  }

  get exitCode(): ExitCode {
    return exitCodeOf(this.problem.status);
  }
}

/** A command line that cannot be read. */
export function usageError(en: string, ko: string): CliError {
  return new CliError(exitCodes.usage, { en, ko });
}
