import packageJson from "../package.json" with { type: "json" };
import type { Machine } from "./cli.ts";
import type { Command } from "./command.ts";
import { createCli, dictionaries } from "./create-cli.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { explainFailure } from "./explain-failure.ts";
import { usageError } from "./failure.ts";
import { commandHelp, overview } from "./help.ts";
import { chooseLanguage, isLanguage, type Language } from "./language/language.ts";
import { parseCommandLine } from "./parse-command-line.ts";
import { NoAnswer } from "./terminal/ask.ts";
import { paintOf, wantsColour } from "./terminal/paint.ts";

/** Runs one command line and answers the exit code; never throws. */
export async function runCli(
  argv: readonly string[],
  commands: readonly Command[],
  machine: Machine,
): Promise<ExitCode> {
  const typedJson = argv.includes("--json");
  let language: Language = chooseLanguage(typedLanguage(argv), machine.env);
  try {
    const line = parseCommandLine(argv, commands);
    const { globals, words, command } = line;
    if (globals.lang !== undefined && !isLanguage(globals.lang)) {
      throw usageError("--lang is en or ko.", "--lang은 en 또는 ko입니다.");
    }
    language = chooseLanguage(globals.lang, machine.env);
    const say = dictionaries[language];
    if (line.wantsVersion) {
      machine.stdout.write(
        `${globals.json ? JSON.stringify({ version: packageJson.version }) : packageJson.version}\n`,
      );
      return exitCodes.ok;
    }
    if (command === undefined) {
      const isKnown = commands.some(({ path }) => `${path} `.startsWith([...words, ""].join(" ")));
      if (!isKnown) {
        const typed = words.join(" ");
        throw usageError(
          `There is no command "${typed}". \`maru --help\` lists them.`,
          `"${typed}" 명령은 없습니다. \`maru --help\`로 목록을 볼 수 있습니다.`,
        );
      }
      const screen = line.help || words.length === 0 ? machine.stdout : machine.stderr;
      screen.write(`${overview(commands, words, say, language)}\n`);
      return line.help ? exitCodes.ok : exitCodes.usage;
    }
    if (line.help) {
      const fields = command.fields?.(line.input) ?? [];
      machine.stdout.write(`${commandHelp(command, say, language, fields)}\n`);
      return exitCodes.ok;
    }
    return await command.run(createCli(machine, globals, language), line.input);
  } catch (error) {
    if (error instanceof NoAnswer) return exitCodes.interrupted;
    const { exitCode, json, lines } = explainFailure(error, dictionaries[language], language);
    const paint = paintOf(wantsColour(machine.stderr, machine.env, argv.includes("--no-color")));
    const [first = "", ...others] = lines;
    machine.stderr.write(
      typedJson ? `${JSON.stringify(json)}\n` : `${[paint.red(first), ...others].join("\n")}\n`,
    );
    return exitCode;
  }
}

/** The language asked for, in a line that may turn out to be wrong: what is wrong is said in it too. */
function typedLanguage(argv: readonly string[]): string | undefined {
  const at = argv.findIndex((word) => word === "--lang" || word.startsWith("--lang="));
  const typed = argv[at]?.slice("--lang=".length) || argv[at + 1];
  return at >= 0 && typed !== undefined && isLanguage(typed) ? typed : undefined;
}
