import type { Cli } from "../cli.ts";
import { usageError } from "../failure.ts";

/**
 * Something secret from the environment, from standard input, or asked for without showing it. Never from an argument:
 * arguments stand in the list of processes and in the shell's history.
 */
export async function secretInput(
  { machine }: Pick<Cli, "machine">,
  source: {
    readonly variable?: string;
    readonly stdin: boolean;
    readonly question: string;
    readonly again?: string;
  },
): Promise<string> {
  const found = source.variable === undefined ? undefined : machine.env[source.variable];
  if (found) return found;
  if (source.stdin) return machine.readStdin();
  if (!machine.canAsk) {
    const variable = source.variable === undefined ? "" : ` ${source.variable}`;
    throw usageError(
      `Nobody can be asked here. Give it on standard input (--stdin)${variable && ` or in${variable}`}.`,
      `입력을 물어볼 수 없습니다. 표준 입력(--stdin)${variable && ` 또는${variable}`}으로 주세요.`,
    );
  }
  const answer = await machine.askHidden(source.question);
  if (source.again !== undefined && (await machine.askHidden(source.again)) !== answer) {
    throw usageError("The two do not agree.", "두 입력이 서로 다릅니다.");
  }
  return answer;
}

/** An option, or the answer to a question where somebody can be asked. */
export async function optionOrAsk(
  { machine }: Pick<Cli, "machine">,
  name: string,
  given: string | undefined,
  question: string,
): Promise<string> {
  if (given !== undefined) return given;
  if (!machine.canAsk) throw usageError(`--${name} is needed.`, `--${name} 옵션이 필요합니다.`);
  return (await machine.ask(question)).trim();
}
