import type { Cli } from "../cli.ts";
import type { Fields } from "../client/operation-request.ts";
import { type ArgumentSpec, type Command, defineCommand, type Input, type OptionSpecs } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Text } from "../language/language.ts";
import type { Action } from "../operations.generated.ts";

export interface CallCommand<Result, Specs extends OptionSpecs> {
  readonly path: string;
  readonly summary: Text;
  readonly action: Action;
  readonly arguments?: readonly ArgumentSpec[];
  readonly options?: Specs;
  /** The fields of the call; the arguments by their names unless told otherwise. */
  fields?(input: Input<Specs>, cli: Cli): Fields | Promise<Fields>;
  /** How people read the answer. */
  show(cli: Cli, result: Result): string;
}

/** A command that is one call: what was typed becomes its fields, its answer is shown. */
export function callCommand<Result, const Specs extends OptionSpecs = Readonly<Record<never, never>>>(
  call: CallCommand<Result, Specs>,
): Command {
  const { path, summary, action, arguments: specs = [], options } = call;
  return defineCommand<OptionSpecs>({
    path,
    summary,
    arguments: specs,
    ...(options ? { options } : {}),
    async run(cli, input) {
      const typed = input as unknown as Input<Specs>;
      const fields = (await call.fields?.(typed, cli)) ?? argumentFields(specs, input);
      const result = await (await cli.api()).call<Result>(action, fields);
      cli.out.result(result ?? null, () => call.show(cli, result));
      return exitCodes.ok;
    },
  });
}

/** The arguments by their names. */
export function argumentFields(specs: readonly ArgumentSpec[], input: Pick<Input, "optional">): Fields {
  return Object.fromEntries(specs.map(({ name }) => [name, input.optional(name)]));
}
