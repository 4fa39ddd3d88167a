import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { ApiError, CliError } from "./failure.ts";
import type { Messages } from "./language/english.ts";
import type { Language } from "./language/language.ts";
import { plain } from "./terminal/display-width.ts";
import { duration } from "./terminal/numbers.ts";

export interface Explained {
  readonly exitCode: ExitCode;
  /** For machines. */
  readonly json: unknown;
  /** For people: the failure, the fields that are wrong, and what to do next. */
  readonly lines: readonly string[];
}

/** Any thrown thing as an exit code and words in the user's language. */
export function explainFailure(error: unknown, say: Messages, language: Language): Explained {
  if (error instanceof CliError) {
    const text = error.text[language];
    const hint = error.hint?.[language];
    return {
      exitCode: error.exitCode,
      json: { error: { code: "cli", detail: text, ...(hint === undefined ? {} : { next: hint }) } },
      lines: [`${say.error}: ${text}`, ...(hint === undefined ? [] : [`${say.next}: ${hint}`])],
    };
  }
  if (error instanceof ApiError) return explainProblem(error, say);
  const what = error instanceof Error ? error.message : String(error);
  return {
    exitCode: exitCodes.internal,
    json: { error: { code: "cli.internal", detail: what } },
    lines: [`${say.error}: ${say.unexpected(what)}`],
  };
}

function explainProblem(error: ApiError, say: Messages): Explained {
  const { problem, exitCode, retryAfterMs } = error;
  const hint = hintOf(error, say);
  const lines = [
    `${say.error}: ${plain(problem.detail)} (${problem.status} ${plain(problem.code)})`,
    ...problem.errors.map(({ pointer, message }) => `  ${plain(pointer) || "/"}: ${plain(message)}`),
    ...(problem.requestId === "" ? [] : [`${say.requestId}: ${plain(problem.requestId)}`]),
    ...(hint === undefined ? [] : [`${say.next}: ${hint}`]),
  ];
  const json = { error: { ...problem, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) } };
  return { exitCode, json, lines };
}

function hintOf({ problem, retryAfterMs }: ApiError, say: Messages): string | undefined {
  if (problem.status === 401) return say.signInHint;
  const scope = problem.data?.scope;
  if (problem.status === 403 && typeof scope === "string") return say.scopeHint(plain(scope));
  if (retryAfterMs !== undefined) return say.waitHint(duration(retryAfterMs));
  return problem.status >= 500 ? say.serverHint : undefined;
}
