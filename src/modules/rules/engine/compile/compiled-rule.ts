import type { MaruEvent } from "../../../../../contracts/events.ts";
import type { Condition } from "../../../../../contracts/rule-conditions.ts";
import type { AggregateFunction, WindowSpec } from "../../../../../contracts/rule-windows.ts";
import type { RuleDefinition } from "../../../../../contracts/rules.ts";
import type { CompiledAction } from "../../actions/compiled-action.ts";
import type { Template } from "../../expr/compile-template.ts";
import type { Expr } from "../../expr/expr.ts";
import type { CompiledPattern } from "../../patterns/stage.ts";
import type { Grid } from "../windows/grid.ts";

/** A rule ready to run: expressions compiled, references resolved. It holds no state. */
export interface CompiledRule {
  readonly tenantId: string;
  /** State belongs to a lineage: versions of a rule that carry state on share one. */
  readonly lineage: string;
  readonly definition: RuleDefinition;
  readonly where: Expr | undefined;
  readonly key: readonly Expr[];
  readonly keyLabels: readonly string[];
  readonly trigger: CompiledTrigger;
  readonly condition: CompiledCondition | undefined;
  readonly labels: readonly NamedTemplate[];
  /** Whether labels read the event, so that one key may have several instances. */
  readonly labelsVary: boolean;
  readonly annotations: readonly NamedTemplate[];
  /** By the id of the action; an action that only notifies has none. */
  readonly actions: ReadonlyMap<string, CompiledAction>;
}

export interface NamedTemplate {
  readonly name: string;
  readonly template: Template;
}

export type CompiledTrigger =
  | { readonly kind: "filter"; readonly value: Expr | undefined }
  | {
      readonly kind: "window";
      readonly window: WindowSpec;
      readonly grid: Grid | undefined;
      readonly gap: Expr | undefined;
      readonly cells: readonly CellSpec[];
      readonly aggregates: readonly CompiledAggregate[];
      readonly earlyEveryMs: number | undefined;
      readonly evaluateEmpty: boolean;
    }
  | { readonly kind: "pattern"; readonly pattern: CompiledPattern<MaruEvent> }
  | { readonly kind: "metric" }
  | { readonly kind: "schedule" };

export type WindowTrigger = CompiledTrigger & { readonly kind: "window" };

/** What is accumulated of one input; aggregates over the same input share a cell. */
export interface CellSpec {
  readonly over: Expr | undefined;
  readonly where: Expr | undefined;
  readonly by: Expr | undefined;
  /** Whether inputs must be numbers. */
  readonly numeric: boolean;
  readonly sum: boolean;
  readonly moments: boolean;
  readonly extremes: boolean;
  readonly ends: boolean;
  readonly points: boolean;
  readonly counts: boolean;
}

export interface CompiledAggregate {
  readonly name: string;
  readonly fn: AggregateFunction;
  readonly cell: number;
  readonly q: number;
  readonly k: number;
  readonly halfLifeMs: number;
}

export type CompiledCondition =
  | { readonly kind: "expression"; readonly open: Expr; readonly close: Expr | undefined }
  | (Condition & { readonly kind: "static" | "ewma" | "mad" | "seasonal" });
