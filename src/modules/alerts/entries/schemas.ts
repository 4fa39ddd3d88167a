import * as z from "zod";
import type { Entry, EntryBodies, EntryKind } from "./entry.ts";

/** What every entry has besides what it says. */
export const entryFields = {
  id: z.string(),
  version: z.int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  updatedBy: z.string(),
};

export const EntryRef = z.strictObject({ id: z.string().min(1).max(128) });

/** An entry as it goes over the wire. */
export function savedOf<K extends EntryKind>({
  id,
  version,
  body,
  createdAt,
  updatedAt,
  updatedBy,
}: Entry<K>) {
  return {
    ...(body as EntryBodies[K]),
    id,
    version,
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
    updatedBy,
  };
}
