import { parseArgs } from "node:util";
import type { Globals } from "./cli.ts";
import type { Command, Input, OptionSpec, OptionSpecs } from "./command.ts";
import { usageError } from "./failure.ts";

/** The options that stand with every command. */
export const globalOptions = {
  json: {
    type: "boolean",
    summary: { en: "JSON on stdout and nothing else", ko: "표준 출력에 JSON만 출력" },
  },
  quiet: {
    type: "boolean",
    summary: { en: "No progress and no notes", ko: "진행 상황과 안내를 출력하지 않음" },
  },
  "no-color": {
    type: "boolean",
    summary: { en: "No colours (also NO_COLOR)", ko: "색을 쓰지 않음 (NO_COLOR도 같음)" },
  },
  lang: {
    type: "string",
    value: "en|ko",
    summary: { en: "Language (also MARU_LANG, LANG)", ko: "언어 (MARU_LANG, LANG도 같음)" },
  },
  endpoint: {
    type: "string",
    value: "URL",
    summary: { en: "Address of the API (also MARU_ENDPOINT)", ko: "API 주소 (MARU_ENDPOINT도 같음)" },
  },
  "auth-profile": {
    type: "string",
    value: "NAME",
    summary: {
      en: "Whose stored credentials to use; not the model profile (also MARU_AUTH_PROFILE)",
      ko: "저장된 자격 증명의 이름; 모델 프로필과 다름 (MARU_AUTH_PROFILE도 같음)",
    },
  },
  help: { type: "boolean", summary: { en: "This help", ko: "이 도움말" } },
} as const satisfies OptionSpecs;

export interface CommandLine {
  /** Undefined when no command was named. */
  readonly command: Command | undefined;
  /** What was typed of a command's name. */
  readonly words: readonly string[];
  readonly globals: Globals;
  readonly help: boolean;
  readonly wantsVersion: boolean;
  readonly input: Input;
}

/** Reads the arguments of the process against the commands there are. Throws a usage error. */
export function parseCommandLine(argv: readonly string[], commands: readonly Command[]): CommandLine {
  const command = findCommand(argv, commands);
  const specs: OptionSpecs = { ...command?.options, ...globalOptions };
  const { options, open, positionals, given } = readOptions(argv, specs, command?.openOptions === true);
  const words = positionals.slice(0, command?.path.split(" ").length ?? positionals.length);
  const rest = positionals.slice(words.length);
  const help = options.help === true;
  const wantsVersion = command === undefined && given.includes("version");
  if (command && !help) checkArguments(command, rest);
  return {
    command,
    words,
    help,
    wantsVersion,
    globals: {
      json: options.json === true,
      quiet: options.quiet === true,
      color: options["no-color"] !== true,
      lang: textOf(options.lang),
      endpoint: textOf(options.endpoint),
      authProfile: textOf(options["auth-profile"]),
    },
    input: inputOf(command, options, open, rest),
  };
}

/** The command whose words stand first, global options aside; the longest name wins. */
function findCommand(argv: readonly string[], commands: readonly Command[]): Command | undefined {
  const words: string[] = [];
  for (let i = 0; i < argv.length && words.length < 3; i++) {
    const word = argv[i] ?? "";
    if (word === "--") break;
    if (!word.startsWith("-")) words.push(word);
    else if (word === "--lang" || word === "--endpoint" || word === "--auth-profile") i++;
    else if (words.length > 0 && !(word.slice(2) in globalOptions)) break;
  }
  for (let length = words.length; length > 0; length--) {
    const path = words.slice(0, length).join(" ");
    const found = commands.find((command) => command.path === path);
    if (found) return found;
  }
  return undefined;
}

type OptionValue = string | boolean | string[];

function readOptions(argv: readonly string[], specs: OptionSpecs, isOpen: boolean) {
  const known = Object.fromEntries(
    Object.entries(specs).map(([name, { type, multiple = false }]) => [name, { type, multiple }]),
  );
  const { tokens } = parseArgs({ args: [...argv], options: known, strict: false, tokens: true });
  const options: Record<string, OptionValue> = {};
  const open: Record<string, string> = {};
  const positionals: string[] = [];
  const given: string[] = [];
  let takesNext: string | undefined;
  for (const token of tokens) {
    if (token.kind === "positional") {
      if (takesNext !== undefined) open[takesNext] = token.value;
      else positionals.push(token.value);
      takesNext = undefined;
      continue;
    }
    takesNext = undefined;
    if (token.kind !== "option") continue;
    const { name, rawName, value, inlineValue } = token;
    given.push(name);
    const spec = specs[name];
    if (spec) addOption(options, name, spec, value, inlineValue === true);
    else if (isOpen && rawName.startsWith("--")) {
      if (value === undefined) takesNext = name;
      open[name] = value ?? "true";
    } else if (name !== "version") throw unknownOption(rawName, Object.keys(specs));
  }
  return { options, open, positionals, given };
}

function addOption(
  options: Record<string, OptionValue>,
  name: string,
  spec: OptionSpec,
  value: string | undefined,
  isInline: boolean,
): void {
  if (spec.type === "boolean") {
    if (value !== undefined)
      throw usageError(`--${name} takes no value.`, `--${name}에는 값을 줄 수 없습니다.`);
    options[name] = true;
    return;
  }
  if (value === undefined || (!isInline && value.startsWith("--"))) {
    throw usageError(`--${name} needs a value.`, `--${name}에 값이 필요합니다.`);
  }
  if (spec.choices && !spec.choices.includes(value)) {
    const choices = spec.choices.join(", ");
    throw usageError(`--${name} is one of ${choices}.`, `--${name}은(는) 다음 중 하나입니다: ${choices}`);
  }
  const before = options[name];
  if (!spec.multiple) options[name] = value;
  else options[name] = Array.isArray(before) ? [...before, value] : [value];
}

function unknownOption(rawName: string, names: readonly string[]) {
  const near = names.find((name) => name.startsWith(rawName.replace(/^-+/, "").slice(0, 3)));
  const en = near === undefined ? "" : ` Did you mean --${near}?`;
  const ko = near === undefined ? "" : ` --${near}을(를) 뜻하셨나요?`;
  return usageError(`There is no option ${rawName} here.${en}`, `${rawName} 옵션은 없습니다.${ko}`);
}

function checkArguments(command: Command, rest: readonly string[]): void {
  const specs = command.arguments ?? [];
  const missing = specs.find((spec, index) => !spec.optional && rest[index] === undefined);
  if (missing) {
    const how = `\`maru ${command.path} --help\``;
    throw usageError(
      `<${missing.name}> is missing; see ${how}.`,
      `<${missing.name}> 인자가 없습니다. ${how}을 보세요.`,
    );
  }
  if (rest.length > specs.length && !specs.at(-1)?.many) {
    const surplus = rest[specs.length] ?? "";
    throw usageError(
      `"${surplus}" is one argument too many for \`maru ${command.path}\`.`,
      `\`maru ${command.path}\`에 "${surplus}" 인자는 필요하지 않습니다.`,
    );
  }
}

function inputOf(
  command: Command | undefined,
  options: Readonly<Record<string, OptionValue>>,
  open: Readonly<Record<string, string>>,
  rest: readonly string[],
): Input {
  const specs = command?.arguments ?? [];
  const optional = (name: string) => rest[specs.findIndex((spec) => spec.name === name)];
  return {
    options: options as Input["options"],
    open,
    rest: rest.slice(Math.max(0, specs.length - 1)),
    optional,
    argument: (name) => {
      const value = optional(name);
      if (value === undefined) throw usageError(`<${name}> is missing.`, `<${name}> 인자가 없습니다.`);
      return value;
    },
  };
}

const textOf = (value: OptionValue | undefined): string | undefined =>
  typeof value === "string" ? value : undefined;
