import type { Action } from "../operations.generated.ts";
import type { Api } from "./api.ts";
import type { Fields } from "./operation-request.ts";

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

/** Every item of a list, page after page. */
export async function* everyItem<Item>(api: Api, action: Action, fields: Fields): AsyncGenerator<Item> {
  for (let cursor: string | undefined; ; ) {
    const page = await api.call<Page<Item>>(action, { ...fields, cursor });
    yield* page.items;
    if (page.nextCursor === null) return;
    cursor = page.nextCursor;
  }
}
