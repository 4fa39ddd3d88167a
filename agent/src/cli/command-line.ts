import { parseArgs } from "node:util";
import { english, type Texts } from "./english.ts";
import { korean } from "./korean.ts";
import { chooseLanguage, languages } from "./language.ts";

const options = {
  url: { type: "string" },
  token: { type: "string" },
  name: { type: "string" },
  config: { type: "string" },
  state: { type: "string" },
  lang: { type: "string" },
  lines: { type: "string" },
  force: { type: "boolean" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
} as const;

export type Options = ReturnType<typeof parseArgs<{ options: typeof options }>>["values"];

/** A line that can't be carried out; the message is for its typist. */
export class UsageError extends Error {}

export interface CommandLine {
  readonly words: readonly string[];
  readonly options: Options;
  readonly say: Texts;
}

const dictionaries = { en: english, ko: korean };

/** Takes a line apart; what is wrong with it is said in its own language. @throws UsageError */
export function readCommandLine(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): CommandLine {
  const at = argv.findIndex((word) => word === "--lang" || word.startsWith("--lang="));
  const typed = at < 0 ? undefined : argv[at]?.slice("--lang=".length) || argv[at + 1];
  const say = dictionaries[chooseLanguage(typed, env)];
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
    if (values.lang !== undefined && !(languages as readonly string[]).includes(values.lang)) {
      throw new Error("--lang: en | ko.");
    }
    return { words: positionals, options: values, say };
  } catch (error) {
    throw new UsageError(say.wrongOption(`${error instanceof Error ? error.message.split(". ")[0] : ""}.`));
  }
}

/** The texts for a line that could not even be read. */
export function textsFor(env: Readonly<Record<string, string | undefined>>): Texts {
  return dictionaries[chooseLanguage(undefined, env)];
}
