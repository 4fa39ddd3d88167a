import { valueText } from "../../expr/compile-template.ts";
import type { Bindings } from "../../expr/expr.ts";
import { CelFailure, type CelResult, CelUint, type CelValue } from "../../expr/values/value.ts";
import type { CellSpec } from "../compile/compiled-rule.ts";
import type { CellInput } from "./cell.ts";

/** What an event gives to each cell of a window. */
export function readInputs(cells: readonly CellSpec[], bindings: Bindings): CellInput[] {
  const inputs: CellInput[] = [];
  for (const cell of cells) inputs.push(readInput(cell, bindings));
  return inputs;
}

function readInput(cell: CellSpec, bindings: Bindings): CellInput {
  if (cell.where !== undefined && cell.where.evaluate(bindings) !== true) return undefined;
  if (cell.by !== undefined) return labelled(cell, bindings);
  if (cell.over === undefined) return true;
  const value = cell.over.evaluate(bindings);
  return cell.numeric ? numberInput(value) : scalarInput(value);
}

function labelled(cell: CellSpec, bindings: Bindings): CellInput {
  const by = cell.by?.evaluate(bindings);
  if (by === undefined || by === null || by instanceof CelFailure) return null;
  const label = valueText(by);
  if (cell.over === undefined) return { label, value: 1 };
  const value = numberInput(cell.over.evaluate(bindings));
  return typeof value === "number" ? { label, value } : null;
}

/** Only finite numbers are taken: others are counted as ignored. What is missing gives nothing to ignore either. */
function numberInput(value: CelResult): number | null {
  const number = typeof value === "number" ? value : wholeNumber(value);
  return number !== undefined && Number.isFinite(number) ? number : null;
}

function wholeNumber(value: CelResult): number | undefined {
  if (typeof value === "bigint") return Number(value);
  return value instanceof CelUint ? Number(value.value) : undefined;
}

function scalarInput(value: CelResult): CellInput {
  if (value instanceof CelFailure) return null;
  return scalarOf(value);
}

function scalarOf(value: CelValue): number | string | boolean | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "string" || typeof value === "boolean") return value;
  return wholeNumber(value) ?? (value === null || Array.isArray(value) ? null : valueText(value));
}
