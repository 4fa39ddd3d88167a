import type { CaseDraft } from "./case-draft.ts";
import type { Container, FormatName } from "./format-name.ts";
import type { ImportJournal } from "./import-journal.ts";
import type { ImportLimits } from "./import-options.ts";
import type { RecordFields } from "./record-fields.ts";

/** What a format may know beyond the record: what stands around the records, so far, and how many came before. */
export interface FormatSurroundings {
  readonly envelope: Readonly<Record<string, unknown>>;
  readonly journal: ImportJournal;
  readonly limits: ImportLimits;
  /** Records before this one, rejected ones included. */
  readonly index: number;
}

/** One format: how its records become cases. `finish` reads what stands around the records, once, at the end. */
export interface CaseFormat {
  readonly name: FormatName;
  readonly containers: readonly Container[];
  readonly read: (fields: RecordFields, around: FormatSurroundings) => readonly CaseDraft[];
  readonly finish?: (envelope: Readonly<Record<string, unknown>>, journal: ImportJournal) => void;
}
