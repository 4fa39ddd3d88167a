import type { SourceRow } from "./tables.ts";

/** How long a source that was read stands for itself: an edit made elsewhere holds within this time. */
const keptMs = 2_000;
const mostKept = 1_000;
/** Of their schemas, as text; a source with more of them alone is read each time. */
const mostCharacters = 1_000_000;

interface Remembered {
  readonly row: SourceRow;
  readonly until: number;
}

let remembered = new Map<string, Remembered>();
let characters = 0;

/** The source of an address as it was read at most two seconds ago in this isolate. */
export function recallSource(id: string, now: Date): SourceRow | undefined {
  const known = remembered.get(id);
  return known !== undefined && known.until > now.getTime() ? known.row : undefined;
}

export function rememberSource(row: SourceRow, now: Date): void {
  const size = Object.keys(row.types).length === 0 ? 0 : JSON.stringify(row.types).length;
  if (size > mostCharacters) return;
  if (remembered.size >= mostKept || characters + size > mostCharacters) {
    remembered = new Map();
    characters = 0;
  }
  characters += size;
  remembered.set(row.id, { row, until: now.getTime() + keptMs });
}

/** After an edit: here it holds at once. */
export function forgetSource(id: string): void {
  remembered.delete(id);
}
