import type { Labels } from "../../../contracts/alerts.ts";
import { hashParts } from "./hash-parts.ts";

/** The labels in the order of their names, without the empty ones: an empty value is a missing label. */
export function withoutEmpty(labels: Labels): Labels {
  const names = Object.keys(labels)
    .filter((name) => labels[name] !== "")
    .sort();
  return Object.fromEntries(names.map((name) => [name, labels[name] ?? ""]));
}

/** Names an alert: SHA-256 of the rule lineage and the labels in the order of their names. */
export function alertFingerprint(lineage: string, labels: Labels): string {
  return hashParts([lineage, withoutEmpty(labels)]);
}
