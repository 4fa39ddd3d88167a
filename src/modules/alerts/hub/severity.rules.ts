import type { GroupMember } from "./muting.rules.ts";

const weights = ["critical", "page", "fatal", "error", "warning", "warn", "info", "informational"];

/** The weightiest label `severity` of members; a word that is not known weighs less than all that are. "" for none. */
export function severityOf(members: readonly GroupMember[]): string {
  const found = members.map(({ alert }) => alert.labels.severity ?? "").filter((severity) => severity !== "");
  return found.toSorted((a, b) => weightOf(a) - weightOf(b) || (a < b ? -1 : 1))[0] ?? "";
}

function weightOf(severity: string): number {
  const index = weights.indexOf(severity.toLowerCase());
  return index < 0 ? weights.length : index;
}
