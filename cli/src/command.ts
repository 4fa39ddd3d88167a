import type { Cli } from "./cli.ts";
import type { ExitCode } from "./exit-codes.ts";
import type { Text } from "./language/language.ts";

export interface OptionSpec {
  readonly type: "string" | "boolean";
  /** May be given several times. */
  readonly multiple?: boolean;
  /** What stands for the value in the help. */
  readonly value?: string;
  readonly choices?: readonly string[];
  readonly summary: Text;
}
export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

type ValueOf<Spec extends OptionSpec> = Spec extends { type: "boolean" }
  ? boolean
  : Spec extends { multiple: true }
    ? readonly string[]
    : string;
export type Values<Specs extends OptionSpecs> = {
  readonly [Name in keyof Specs]?: ValueOf<Specs[Name]> | undefined;
};

export interface ArgumentSpec {
  readonly name: string;
  readonly optional?: boolean;
  /** The last argument only: takes all that are left. */
  readonly many?: boolean;
  readonly isFile?: boolean;
  readonly summary: Text;
}

export interface Input<Specs extends OptionSpecs = OptionSpecs> {
  readonly options: Values<Specs>;
  /** An argument that the command requires. */
  argument(name: string): string;
  optional(name: string): string | undefined;
  /** All values of the last argument. */
  readonly rest: readonly string[];
  /** Options that the command did not name; only with `openOptions`. */
  readonly open: Readonly<Record<string, string>>;
}

/** A field that a call takes, as its help names it. */
export interface FieldHelp {
  readonly name: string;
  readonly required: boolean;
  /** Where it goes: path, query or body. */
  readonly place: string;
}

/** One command: `path` is what is typed, such as `jobs list`. */
export interface Command<Specs extends OptionSpecs = OptionSpecs> {
  readonly path: string;
  readonly summary: Text;
  readonly arguments?: readonly ArgumentSpec[];
  readonly options?: Specs;
  /** Options with other names are fields of the call. */
  readonly openOptions?: boolean;
  /** What more the help says, given what was typed so far: the fields of an operation, say. */
  fields?(input: Input<Specs>): readonly FieldHelp[];
  run(cli: Cli, input: Input<Specs>): Promise<ExitCode>;
}

/** Keeps the types of a command's options where it is written. */
export function defineCommand<const Specs extends OptionSpecs = Readonly<Record<never, OptionSpec>>>(
  command: Command<Specs>,
): Command {
  return command as unknown as Command;
}
