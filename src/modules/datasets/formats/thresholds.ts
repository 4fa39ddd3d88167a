import { metricByForeignName } from "./foreign-metrics.rules.ts";
import type { ImportJournal } from "./import-journal.ts";
import type { RecordFields } from "./record-fields.ts";

const thresholdRows = 50;

function readThreshold(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && number >= 0 && number <= 1 ? number : undefined;
}

/** The thresholds of an EvalVault file: `{metric: 0..1}`; each also suggests its metric. */
export function readThresholds(thresholds: Readonly<Record<string, unknown>>, journal: ImportJournal): void {
  for (const [name, value] of Object.entries(thresholds)) {
    const known = metricByForeignName(name);
    const threshold = readThreshold(value);
    if (!known || threshold === undefined) {
      journal.noteFile(
        `/thresholds/${name}`,
        "threshold_invalid",
        "A threshold must be a number from 0 to 1.",
      );
      continue;
    }
    journal.thresholds[known.metric] = threshold;
    journal.suggest(known.metric, { ...known.options }, { threshold });
  }
}

/**
 * The `threshold_*` columns of EvalVault's CSV and XLSX: of each the first value in the first 50 rows holds for the
 * file. A value that says otherwise stays with its row, in `metadata.import`.
 */
export function readThresholdColumns(fields: RecordFields, index: number, journal: ImportJournal): void {
  for (const name of fields.names()) {
    if (!name.startsWith("threshold_")) continue;
    const known = metricByForeignName(name.slice("threshold_".length));
    const found = fields.plain([name]);
    if (!known || !found || found.value === "") continue;
    const threshold = readThreshold(found.value);
    if (threshold === undefined) {
      fields.notes.warn(
        found.pointer,
        "threshold_invalid",
        "A threshold must be a number from 0 to 1; it is not used.",
      );
      fields.keepWhole(found);
      continue;
    }
    const held = journal.thresholds[known.metric];
    if (held === undefined && index < thresholdRows) {
      journal.thresholds[known.metric] = threshold;
      journal.suggest(known.metric, { ...known.options }, { threshold });
    } else if (held !== threshold) {
      fields.notes.warn(
        found.pointer,
        "threshold_of_row",
        "One threshold holds for the file; that of this row is not used.",
      );
      fields.keepWhole(found);
    }
  }
}
