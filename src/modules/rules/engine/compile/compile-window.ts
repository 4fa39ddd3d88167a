import type { Aggregate } from "../../../../../contracts/rule-windows.ts";
import type { RuleDefinition } from "../../../../../contracts/rules.ts";
import { isZone } from "../../../../kernel/zone.ts";
import { greatestCommonDivisor, gridOf, isGrid } from "../windows/grid.ts";
import type { CellSpec, CompiledAggregate, WindowTrigger } from "./compiled-rule.ts";
import type { RuleIssues } from "./issues.ts";
import type { RuleScope } from "./scope.ts";

type Trigger = RuleDefinition["trigger"] & { readonly kind: "window" };

const featuresOf: Readonly<Record<Aggregate["fn"], Partial<CellSpec>>> = {
  count: {},
  distinct: { counts: true },
  sum: { numeric: true, sum: true },
  avg: { numeric: true, sum: true },
  min: { numeric: true, extremes: true },
  max: { numeric: true, extremes: true },
  first: { ends: true },
  last: { ends: true },
  stddevPop: { numeric: true, moments: true },
  stddevSamp: { numeric: true, moments: true },
  quantile: { numeric: true, points: true },
  median: { numeric: true, points: true },
  mad: { numeric: true, points: true },
  rate: { numeric: true, points: true },
  increase: { numeric: true, points: true },
  delta: { numeric: true, points: true },
  topk: { numeric: true, points: true },
  ewma: { numeric: true, points: true },
};

const nothing = {
  numeric: false,
  sum: false,
  moments: false,
  extremes: false,
  ends: false,
  points: false,
  counts: false,
};

/** Panes that a sliding window may have at most: its size over the greatest common divisor with its slide. */
const mostPanes = 1_440;

/** Compiles a window trigger; aggregates over the same input share what is accumulated. */
export function compileWindow(trigger: Trigger, scope: RuleScope, issues: RuleIssues): WindowTrigger {
  const { window } = trigger;
  checkWindow(trigger, issues);
  const cells = new Map<string, CellSpec>();
  const aggregates: CompiledAggregate[] = [];
  for (const [name, aggregate] of Object.entries(trigger.aggregates)) {
    const at = ["trigger", "aggregates", name];
    const features = aggregate.by === undefined ? featuresOf[aggregate.fn] : { counts: true, numeric: true };
    const kind = features.numeric === true ? "n" : "v";
    const id = JSON.stringify([kind, aggregate.over, aggregate.where, aggregate.by]);
    const known = cells.get(id);
    const cell = known ?? {
      ...nothing,
      over: aggregate.over && issues.expr([...at, "over"], aggregate.over, scope.event),
      where: aggregate.where && issues.expr([...at, "where"], aggregate.where, scope.event, ["bool"]),
      by: aggregate.by && issues.expr([...at, "by"], aggregate.by, scope.event),
    };
    cells.set(id, merge(cell as CellSpec, features));
    const { fn, q = 0.5, k = 1, halfLifeMs = 1 } = aggregate;
    aggregates.push({ name, fn, cell: [...cells.keys()].indexOf(id), q, k, halfLifeMs });
  }
  const gap = window.kind === "session" && typeof window.gap === "string" ? window.gap : undefined;
  return {
    kind: "window",
    window,
    grid: isGrid(window) ? gridOf(window) : undefined,
    gap:
      gap === undefined
        ? undefined
        : issues.expr(["trigger", "window", "gap"], gap, scope.event, ["int", "double"]),
    cells: [...cells.values()],
    aggregates,
    earlyEveryMs: trigger.earlyEveryMs,
    evaluateEmpty: trigger.evaluateEmpty,
  };
}

function merge(cell: CellSpec, features: Partial<CellSpec>): CellSpec {
  return {
    ...cell,
    numeric: cell.numeric || features.numeric === true,
    sum: cell.sum || features.sum === true,
    moments: cell.moments || features.moments === true,
    extremes: cell.extremes || features.extremes === true,
    ends: cell.ends || features.ends === true,
    points: cell.points || features.points === true,
    counts: cell.counts || features.counts === true,
  };
}

function checkWindow({ window, earlyEveryMs, evaluateEmpty }: Trigger, issues: RuleIssues): void {
  const at = ["trigger", "window"];
  const grid = window.kind === "tumbling" || window.kind === "sliding";
  if (grid && Math.abs(window.offsetMs) >= (window.kind === "sliding" ? window.slideMs : window.sizeMs)) {
    issues.problem(
      [...at, "offsetMs"],
      "out_of_range",
      "The offset must be smaller than the step of the windows.",
    );
  }
  if (
    window.kind === "sliding" &&
    window.sizeMs / greatestCommonDivisor(window.sizeMs, window.slideMs) > mostPanes
  ) {
    const message = `The size must be at most ${mostPanes} times the greatest common divisor with the slide.`;
    issues.problem([...at, "slideMs"], "too_complex", message);
  }
  if (window.kind === "calendar" && !isZone(window.zone)) {
    issues.problem([...at, "zone"], "unknown_zone", `There is no time zone "${window.zone}".`);
  }
  if (earlyEveryMs !== undefined && window.kind !== "tumbling" && window.kind !== "calendar") {
    issues.problem(
      ["trigger", "earlyEveryMs"],
      "not_allowed",
      "Only tumbling and calendar windows are evaluated early.",
    );
  }
  if (evaluateEmpty && !grid && window.kind !== "calendar" && window.kind !== "continuous") {
    issues.problem(["trigger", "evaluateEmpty"], "not_allowed", "Sessions and counts are never empty.");
  }
}
