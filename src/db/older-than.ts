import { and, type Column, eq, lt, or, type SQL } from "drizzle-orm";
import type { Place } from "../kernel/page.ts";

/**
 * The condition of the next page of a list ordered by (instant, id), both descending: rows after `place`; nothing on
 * the first page, where there is no place yet.
 */
export function olderThan(instant: Column, id: Column, place: Place | undefined): SQL | undefined {
  if (place === undefined) return undefined;
  return or(lt(instant, place.at), and(eq(instant, place.at), lt(id, place.id)));
}
