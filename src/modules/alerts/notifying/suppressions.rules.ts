import { type Suppression, suppressionReasons } from "../../../../contracts/alerts.ts";

/** All the reasons that apply, the weightiest first. */
export function byWeight(reasons: readonly Suppression[]): Suppression[] {
  const weight = ({ reason }: Suppression) => suppressionReasons.indexOf(reason);
  return reasons.toSorted((a, b) => weight(a) - weight(b));
}

/** The reasons as a short text: equal texts are the same answer, whatever the time. */
export function verdictText(reasons: readonly Suppression[]): string {
  return byWeight(reasons)
    .map(({ reason, by }) => (by === undefined ? reason : `${reason}:${by}`))
    .join(",");
}
