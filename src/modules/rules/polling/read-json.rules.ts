import type { MetricTarget } from "../../../../contracts/rule-metrics.ts";
import type { Json } from "../../../kernel/json.ts";
import type { SampleRow } from "../engine/samples-step.ts";
import { atPointer } from "./json-pointer.ts";
import { type Reading, readingOf, unreadable } from "./reading.ts";
import { compilePath } from "./select-path.ts";

type Reads = Pick<MetricTarget, "select" | "value" | "labels" | "timestamp" | "lookbackMs">;

/**
 * Reads a JSON document: `select` names a value, or the elements of a list, each a sample with its own labels. Numbers,
 * numbers in text and booleans (1 and 0) are values; null is none. `at` is the time of the poll: an element whose
 * `timestamp` lies `lookbackMs` or more before it is absent.
 */
export function readJson(body: Json, target: Reads, at: number): Reading {
  let elements: readonly Json[];
  try {
    elements = selected(body, target);
  } catch (error) {
    return unreadable(`The document can't be read: ${error instanceof Error ? error.message : "too deep"}`);
  }
  const warnings: string[] = [];
  const rows: SampleRow[] = [];
  for (const [i, element] of elements.entries()) {
    const value = atPointer(element, target.value ?? "");
    const time = target.timestamp === undefined ? at : instantOf(atPointer(element, target.timestamp));
    if (time !== null && at - time >= target.lookbackMs) continue;
    if (value === undefined && elements.length === 1 && target.labels === undefined) continue;
    const number = numberOf(value);
    if (number === undefined) warnings.push(`Element ${i} has no number for a value.`);
    if (time === null) warnings.push(`Element ${i} has no time that can be read.`);
    rows.push({
      labels: labelsOf(element, target.labels ?? {}),
      value: time === null ? null : (number ?? null),
    });
  }
  return readingOf(rows, warnings);
}

/** The elements that `select` names; a single list is taken apart. @throws Error for a document that is too deep */
function selected(body: Json, { select = "" }: Reads): readonly Json[] {
  const found: readonly (Json | undefined)[] = select.startsWith("$")
    ? pathOf(select)(body)
    : [atPointer(body, select)];
  const [only, ...others] = found;
  if (others.length === 0 && Array.isArray(only)) return only;
  return found.filter((one) => one !== undefined);
}

function pathOf(select: string): (value: Json) => Json[] {
  const path = compilePath(select);
  if (!path.ok) throw new Error(path.message);
  return path.select;
}

/** Null has no value; undefined is not one that could be a number. */
function numberOf(value: Json | undefined): number | null | undefined {
  if (value === null) return null;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "number") return value;
  if (typeof value !== "string" || value.trim() === "") return undefined;
  const number = Number(value);
  return Number.isNaN(number) ? (value.trim() === "NaN" ? null : undefined) : number;
}

/** Milliseconds since 1970 of a number of seconds or milliseconds, or an ISO text; null when it is none. */
function instantOf(value: Json | undefined): number | null {
  if (typeof value === "number") return value < 1e11 ? value * 1000 : value;
  const time = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? null : time;
}

function labelsOf(element: Json, pointers: Readonly<Record<string, string>>): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const [name, pointer] of Object.entries(pointers)) {
    const value = atPointer(element, pointer);
    if (value !== undefined && value !== null && typeof value !== "object") labels[name] = String(value);
  }
  return labels;
}
