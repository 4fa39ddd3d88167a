import type { HubStore } from "../hub/hub-store.ts";
import { LabelIndex } from "../matching/label-index.rules.ts";
import { hasEnded } from "../merge.rules.ts";
import { silenceState } from "./silence.rules.ts";

const page = 1000;

/** How many alerts that fire at `now` each active silence mutes, by id. Reads every alert once. */
export function silenceCounts(store: HubStore, now: number): ReadonlyMap<string, number> {
  const index = new LabelIndex<string>();
  const counts = new Map<string, number>();
  for (const silence of store.liveSilences()) {
    if (silenceState(silence, now) !== "active") continue;
    index.add(silence.matchers, silence.id);
    counts.set(silence.id, 0);
  }
  if (counts.size === 0) return counts;
  let after = "";
  for (;;) {
    const alerts = store.alerts(after, page);
    for (const alert of alerts) {
      if (hasEnded(alert.endsAt, now)) continue;
      for (const id of index.matching(alert.labels)) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    const last = alerts.at(-1);
    if (last === undefined || alerts.length < page) return counts;
    after = last.fingerprint;
  }
}
