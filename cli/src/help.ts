import type { ArgumentSpec, Command, FieldHelp, OptionSpecs } from "./command.ts";
import type { Messages } from "./language/english.ts";
import type { Language } from "./language/language.ts";
import { globalOptions } from "./parse-command-line.ts";
import { record } from "./terminal/table.ts";

/** All commands, or those that begin with the words typed. */
export function overview(
  commands: readonly Command[],
  words: readonly string[],
  say: Messages,
  language: Language,
): string {
  const begin = words.length > 0 ? `${words.join(" ")} ` : "";
  const shown = commands.filter(({ path }) => `${path} `.startsWith(begin));
  return [
    `${say.usage}: maru ${begin}<command> [options]`,
    "",
    `${say.commands}:`,
    indent(record(shown.map((command) => [signature(command), command.summary[language]] as const))),
    "",
    ...optionsBlock(say.globalOptions, globalOptions, language),
    "",
    say.moreHelp("maru <command>"),
  ].join("\n");
}

/** One command with its arguments and options, and the fields of what it calls. */
export function commandHelp(
  command: Command,
  say: Messages,
  language: Language,
  fields: readonly FieldHelp[] = [],
): string {
  const described = (command.arguments ?? []).map(
    (spec) => [argumentText(spec), spec.summary[language]] as const,
  );
  return [
    command.summary[language],
    "",
    `${say.usage}: maru ${signature(command)} [options]`,
    ...(described.length > 0 ? ["", `${say.arguments}:`, indent(record(described))] : []),
    ...(fields.length > 0 ? ["", ...fieldsBlock(fields, say)] : []),
    ...(command.options && Object.keys(command.options).length > 0
      ? ["", ...optionsBlock(say.options, command.options, language)]
      : []),
    "",
    ...optionsBlock(say.globalOptions, globalOptions, language),
  ].join("\n");
}

function fieldsBlock(fields: readonly FieldHelp[], say: Messages): string[] {
  const lines = fields.map(
    ({ name, required, place }) => [`--${name}`, required ? `${place}, ${say.required}` : place] as const,
  );
  return [`${say.fields}:`, indent(record(lines))];
}

function optionsBlock(title: string, options: OptionSpecs, language: Language): string[] {
  const lines = Object.entries(options).map(([name, spec]) => {
    const value =
      spec.type === "boolean" ? "" : ` ${spec.value ?? spec.choices?.join("|") ?? name.toUpperCase()}`;
    return [`--${name}${value}`, spec.summary[language]] as const;
  });
  return [`${title}:`, indent(record(lines))];
}

const signature = ({ path, arguments: specs = [] }: Command): string =>
  [path, ...specs.map(argumentText)].join(" ");

function argumentText({ name, optional, many }: ArgumentSpec): string {
  const text = `${name}${many ? "…" : ""}`;
  return optional ? `[${text}]` : `<${text}>`;
}

const indent = (text: string): string => text.replaceAll(/^/gm, "  ");
