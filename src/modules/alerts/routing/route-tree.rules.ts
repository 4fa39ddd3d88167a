import type { Labels, Route } from "../../../../contracts/alerts.ts";
import { compileMatchers, type LabelTest, matchersText } from "../matching/matchers.rules.ts";

/** How a node of the routing tree tells alerts, with what it inherits filled in. Durations in milliseconds. */
export interface RouteOptions {
  readonly receiver: string;
  readonly groupBy: "all" | readonly string[];
  readonly groupWaitMs: number;
  readonly groupIntervalMs: number;
  readonly repeatIntervalMs: number;
  readonly muteIntervals: readonly string[];
  readonly activeIntervals: readonly string[];
  /** The policy that escalates its groups; null: nobody is woken. */
  readonly escalation: string | null;
}

/** A compiled node. `key` is the path of matchers to it, the same after an edit elsewhere in the tree. */
export interface RouteNode extends RouteOptions {
  readonly key: string;
  readonly test: LabelTest;
  readonly continues: boolean;
  readonly children: readonly RouteNode[];
}

/** What a route has that says nothing else: Alertmanager's documented defaults. */
export const defaultRoute = {
  receiver: "",
  groupBy: [],
  groupWaitMs: 30_000,
  groupIntervalMs: 300_000,
  repeatIntervalMs: 14_400_000,
  escalation: null,
} as const;

/** Compiles a routing tree. Throws `SyntaxError` for a bad pattern; `routingProblems` says where. */
export function compileRoutes(root: Route): RouteNode {
  return compileNode(root, { ...defaultRoute, muteIntervals: [], activeIntervals: [] }, "{}");
}

function compileNode(route: Route, parent: RouteOptions, key: string): RouteNode {
  const options: RouteOptions = {
    receiver: route.receiver ?? parent.receiver,
    groupBy: route.groupBy ?? parent.groupBy,
    groupWaitMs: route.groupWaitMs ?? parent.groupWaitMs,
    groupIntervalMs: route.groupIntervalMs ?? parent.groupIntervalMs,
    repeatIntervalMs: route.repeatIntervalMs ?? parent.repeatIntervalMs,
    muteIntervals: route.muteIntervals ?? [],
    activeIntervals: route.activeIntervals ?? [],
    escalation: route.escalation === undefined ? parent.escalation : route.escalation,
  };
  const seen = new Map<string, number>();
  const children = (route.routes ?? []).map((child) => {
    const text = matchersText(child.matchers ?? []);
    const twin = seen.get(text) ?? 0;
    seen.set(text, twin + 1);
    return compileNode(child, options, `${key}/${text}${twin === 0 ? "" : `#${twin + 1}`}`);
  });
  const test = compileMatchers(route.matchers ?? []);
  return { ...options, key, test, continues: route.continue ?? false, children };
}

/**
 * The nodes that tell an alert, depth first: the first child that matches, the next one too while `continue` says so,
 * and the node itself when no child matches.
 */
export function matchRoutes(node: RouteNode, labels: Labels): RouteNode[] {
  if (!node.test(labels)) return [];
  const found: RouteNode[] = [];
  for (const child of node.children) {
    const matched = matchRoutes(child, labels);
    found.push(...matched);
    if (matched.length > 0 && !child.continues) break;
  }
  return found.length > 0 ? found : [node];
}

/** Every node of a tree, parents before children. */
export function allRoutes(node: RouteNode): RouteNode[] {
  return [node, ...node.children.flatMap(allRoutes)];
}
