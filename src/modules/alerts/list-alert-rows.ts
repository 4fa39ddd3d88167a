import { statusAt } from "./hub/alert-row.rules.ts";
import type { HubStore } from "./hub/hub-store.ts";
import type { AlertRow } from "./hub/rows.ts";
import { compileMatchers } from "./matching/matchers.rules.ts";
import type { AlertFilter } from "./views.ts";

const page = 500;
/** A look at more than this ends with a cursor, though the page may not be full. */
const mostRead = 10_000;

/** Alerts that a filter lets through, in the order of fingerprints; `after` goes on where they end, null at the end. */
export function listAlertRows(
  store: HubStore,
  filter: AlertFilter,
  from: string,
  limit: number,
  now: number,
): { readonly items: readonly AlertRow[]; readonly after: string | null } {
  const passes = testOf(filter, now);
  const items: AlertRow[] = [];
  let after = from;
  for (let read = 0; read < mostRead; read += page) {
    const rows = store.alerts(after, page);
    for (const row of rows) {
      if (passes(row)) {
        if (items.length === limit) return { items, after };
        items.push(row);
      }
      after = row.fingerprint;
    }
    if (rows.length < page) return { items, after: null };
  }
  return { items, after };
}

function testOf(filter: AlertFilter, now: number): (row: AlertRow) => boolean {
  const { status, acknowledged, rule, matchers } = filter;
  const labelled = compileMatchers(matchers);
  return (row) =>
    (status === undefined || statusAt(row, now) === status) &&
    (acknowledged === undefined || (row.acknowledged !== null) === acknowledged) &&
    (rule === undefined || row.lineage === rule || row.lineage.startsWith(`${rule}.`)) &&
    labelled(row.labels);
}
