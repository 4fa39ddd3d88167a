import type { Labels } from "../../../../contracts/alerts.ts";
import { nameText } from "../matching/matchers.rules.ts";
import type { RouteNode } from "./route-tree.rules.ts";

/** The labels that an alert shares with the others of its group: those of `groupBy` that it has, or all. */
export function groupLabels(labels: Labels, { groupBy }: Pick<RouteNode, "groupBy">): Labels {
  if (groupBy === "all") return labels;
  const names = groupBy.filter((name) => Object.hasOwn(labels, name)).sort();
  return Object.fromEntries(names.map((name) => [name, labels[name] ?? ""]));
}

/** Names a group: the route and the values of the group's labels. */
export function groupKey(route: Pick<RouteNode, "key">, labels: Labels): string {
  const names = Object.keys(labels).sort();
  return `${route.key}:{${names.map((name) => `${nameText(name)}=${JSON.stringify(labels[name])}`).join(", ")}}`;
}
