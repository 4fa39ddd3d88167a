import type { Cli } from "../cli.ts";
import type { Fields } from "../client/operation-request.ts";
import { everyItem, type Page } from "../client/pages.ts";
import {
  type ArgumentSpec,
  type Command,
  defineCommand,
  type Input,
  type OptionSpecs,
  type Values,
} from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Text } from "../language/language.ts";
import type { Action } from "../operations.generated.ts";
import type { Column } from "../terminal/table.ts";
import { pageOptions, wholeNumber } from "./common.ts";

export interface ListCommand<Row, Specs extends OptionSpecs> {
  readonly path: string;
  readonly summary: Text;
  readonly action: Action;
  readonly arguments?: readonly ArgumentSpec[];
  readonly options?: Specs;
  /** The fields of the call, from the command line. */
  fields?(input: Input<Specs>, cli: Cli): Fields | Promise<Fields>;
  columns(cli: Cli): readonly Column<Row>[];
}

/** A command that shows a list: a page of it, or with `--all` everything; as JSON the page as it came. */
export function listCommand<Row, const Specs extends OptionSpecs = Readonly<Record<never, never>>>(
  list: ListCommand<Row, Specs>,
): Command {
  const options: OptionSpecs = { ...list.options, ...pageOptions };
  return defineCommand<OptionSpecs>({
    path: list.path,
    summary: list.summary,
    ...(list.arguments ? { arguments: list.arguments } : {}),
    options,
    async run(cli, input) {
      const given = input.options as Values<typeof pageOptions>;
      const typed = await list.fields?.(input as unknown as Input<Specs>, cli);
      const fields = { ...typed, cursor: given.cursor };
      const limit = wholeNumber("limit", given.limit);
      const page = await load<Row>(cli, list.action, { ...fields, limit }, given.all === true);
      cli.out.result(page, () =>
        page.items.length === 0 ? cli.say.nothing : cli.out.table(list.columns(cli), page.items),
      );
      if (page.nextCursor !== null) cli.out.note(cli.say.morePages(page.nextCursor));
      return exitCodes.ok;
    },
  });
}

async function load<Row>(cli: Cli, action: Action, fields: Fields, all: boolean): Promise<Page<Row>> {
  const api = await cli.api();
  if (!all) return api.call<Page<Row>>(action, fields);
  const items: Row[] = [];
  for await (const item of everyItem<Row>(api, action, { ...fields, limit: fields.limit ?? 200 }))
    items.push(item);
  return { items, nextCursor: null };
}
