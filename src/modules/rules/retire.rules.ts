import type { AlertSignal } from "../../../contracts/alerts.ts";
import type { KeyState } from "./engine/state.ts";
import { alertLabels } from "./signals-of.rules.ts";

/** What the alert hub is told when a lineage goes: its open alerts end now. */
export function endSignals(lineage: string, ruleName: string, state: KeyState, now: number): AlertSignal[] {
  return Object.values(state.instances).flatMap((instance): AlertSignal[] => {
    const { status, labels, firedAt, activeAt } = instance;
    if (status !== "firing" && status !== "recovering") return [];
    const startsAt = Math.min(firedAt ?? activeAt ?? now, now);
    const order = { updatedAt: now, seq: 0, reason: "rule_retired" };
    return [
      { lineage, labels: alertLabels(labels, ruleName), annotations: {}, startsAt, endsAt: now, ...order },
    ];
  });
}
