import * as z from "zod";
import { problem } from "./problem.ts";

/** The query of every list: `limit` rows at most, after an opaque `cursor`. */
export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
});
export type PageQuery = z.infer<typeof PageQuery>;

/** The body of every list. `nextCursor` is null on the last page. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.strictObject({ items: z.array(item), nextCursor: z.string().nullable() });
}

export interface Page<Item> {
  readonly items: Item[];
  readonly nextCursor: string | null;
}

/** A place in a list ordered by (instant, id); rows inserted elsewhere don't move it. */
export interface Place {
  readonly at: Date;
  readonly id: string;
}

/** The opaque cursor of a place. */
export function encodeCursor(place: Place): string {
  return btoa(JSON.stringify([1, place.at.getTime(), place.id]))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/** The place of a cursor; throws `invalid_input` pointing at it when it isn't one of ours. */
export function decodeCursor(cursor: string | undefined): Place | undefined {
  if (cursor === undefined) return undefined;
  try {
    const [version, at, id] = JSON.parse(atob(cursor.replaceAll("-", "+").replaceAll("_", "/")));
    if (version === 1 && Number.isSafeInteger(at) && Math.abs(at) <= 8.64e15 && typeof id === "string")
      return { at: new Date(at), id };
  } catch {}
  throw foreignCursor();
}

/** The place of the `number`-th thing in the list called `list`, for lists ordered by a number instead of an instant. */
export function numberPlace(list: string, number: number): Place {
  return { at: new Date(number), id: list };
}

/** The number of a cursor made from `numberPlace`; throws `invalid_input` when it belongs to another list. */
export function decodeNumberCursor(cursor: string | undefined, list: string): number | undefined {
  const place = decodeCursor(cursor);
  if (place === undefined) return undefined;
  if (place.id !== list) throw foreignCursor();
  return place.at.getTime();
}

function foreignCursor() {
  return problem("invalid_input", "page.cursor", "The cursor is not one that this list gave.", {
    errors: [
      { pointer: "/query/cursor", code: "invalid_cursor", message: "Use nextCursor as it was given." },
    ],
  });
}

/** Cuts `limit + 1` fetched rows into a page; the extra row only tells that there is a next page. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  place: (row: Row) => Place,
  item: (row: Row) => Item,
): Page<Item> {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  return {
    items: kept.map(item),
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor(place(last)) : null,
  };
}
