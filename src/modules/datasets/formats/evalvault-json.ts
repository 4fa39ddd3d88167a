import type { CaseFormat } from "./case-format.ts";
import { evalvaultConversation, evalvaultRecord } from "./evalvault-record.ts";
import { isObject } from "./field-values.ts";
import { metricByForeignName } from "./foreign-metrics.rules.ts";
import type { ImportJournal } from "./import-journal.ts";
import { readThresholds } from "./thresholds.ts";

function suggestListed(names: unknown, journal: ImportJournal): void {
  if (!Array.isArray(names)) return;
  for (const name of names) {
    const known = typeof name === "string" ? metricByForeignName(name) : undefined;
    if (known && journal.thresholds[known.metric] === undefined)
      journal.suggest(known.metric, { ...known.options });
  }
}

/**
 * EvalVault's JSON: `{name, version, thresholds, metadata, test_cases[]}`, a list of conversations, or an object with
 * `conversations[]`. The metrics it lists are suggested, its thresholds reported, all else kept for the data set.
 */
export const evalvaultJson: CaseFormat = {
  name: "evalvault-json",
  containers: ["json"],
  read: (fields, around) => {
    const turns = fields.plain(["turns"]);
    return turns ? evalvaultConversation(fields, turns) : evalvaultRecord(fields, around, false);
  },
  finish: (envelope, journal) => {
    const { thresholds, ...rest } = envelope;
    if (isObject(thresholds)) readThresholds(thresholds, journal);
    else if (thresholds !== undefined && thresholds !== null) {
      journal.noteFile(
        "/thresholds",
        "threshold_invalid",
        "Thresholds must be an object of numbers from 0 to 1.",
      );
    }
    suggestListed(rest.metrics, journal);
    suggestListed(rest.evaluation_metrics, journal);
    Object.assign(journal.dataset, rest);
  },
};
