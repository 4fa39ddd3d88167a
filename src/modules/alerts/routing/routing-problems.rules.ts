import type { ReceiverChannel, Route, RoutingConfig } from "../../../../contracts/alerts.ts";
import type { FieldProblem } from "../../../kernel/problem.ts";
import { matcherProblems } from "../matching/matchers.rules.ts";

const maxDepth = 16;
const maxRoutes = 1000;

interface Known {
  readonly receivers: ReadonlySet<string>;
  readonly intervals: ReadonlySet<string>;
  readonly policies: ReadonlySet<string>;
}

/**
 * What is wrong with a routing configuration that has the right shape: each with a pointer to the field. `policies`
 * are the ids of the escalation policies that there are.
 */
export function routingProblems(
  config: RoutingConfig,
  policies: ReadonlySet<string> = new Set(),
): FieldProblem[] {
  const known = {
    policies,
    receivers: new Set(config.receivers.map(({ name }) => name)),
    intervals: new Set(Object.keys(config.timeIntervals)),
  };
  return [
    ...rootProblems(config.route),
    ...(depthOf(config.route) > maxDepth || countOf(config.route) > maxRoutes
      ? [at("/route", "too_big", `A tree may have ${maxRoutes} routes and be ${maxDepth} deep at most.`)]
      : routeProblems(config.route, "/route", known)),
    ...config.receivers.flatMap(({ channels }, index) =>
      channelProblems(channels, `/receivers/${index}/channels`, known),
    ),
    ...twins(
      config.receivers.map(({ name }) => name),
      (index) => `/receivers/${index}/name`,
    ),
    ...twins(
      config.inhibitions.map(({ id }) => id),
      (index) => `/inhibitions/${index}/id`,
    ),
    ...twins(
      config.maintenance.map(({ id }) => id),
      (index) => `/maintenance/${index}/id`,
    ),
    ...config.inhibitions.flatMap(({ source, target }, index) => [
      ...matcherProblems(source, `/inhibitions/${index}/source`),
      ...matcherProblems(target, `/inhibitions/${index}/target`),
    ]),
    ...config.maintenance.flatMap(({ matchers }, index) =>
      matcherProblems(matchers, `/maintenance/${index}/matchers`),
    ),
  ];
}

function rootProblems(root: Route): FieldProblem[] {
  const found: FieldProblem[] = [];
  if (root.receiver === undefined)
    found.push(at("/route/receiver", "missing", "The root route needs a receiver."));
  if ((root.matchers ?? []).length > 0)
    found.push(at("/route/matchers", "at_root", "The root route takes every alert: it has no matchers."));
  if (root.continue === true)
    found.push(at("/route/continue", "at_root", "After the root there is nothing to go on to."));
  for (const field of ["muteIntervals", "activeIntervals"] as const) {
    if ((root[field] ?? []).length > 0)
      found.push(at(`/route/${field}`, "at_root", "The root route must not be bound to a time."));
  }
  return found;
}

function routeProblems(route: Route, pointer: string, known: Known): FieldProblem[] {
  const found = matcherProblems(route.matchers ?? [], `${pointer}/matchers`);
  if (route.receiver !== undefined && !known.receivers.has(route.receiver))
    found.push(at(`${pointer}/receiver`, "unknown", `There is no receiver "${route.receiver}".`));
  if (typeof route.escalation === "string" && !known.policies.has(route.escalation))
    found.push(
      at(`${pointer}/escalation`, "unknown", `There is no escalation policy "${route.escalation}".`),
    );
  if (route.groupIntervalMs === 0)
    found.push(at(`${pointer}/groupIntervalMs`, "too_small", "The interval of a group must be above zero."));
  if (route.repeatIntervalMs === 0)
    found.push(at(`${pointer}/repeatIntervalMs`, "too_small", "The repeat interval must be above zero."));
  if (Array.isArray(route.groupBy))
    found.push(...twins(route.groupBy, (index) => `${pointer}/groupBy/${index}`));
  for (const field of ["muteIntervals", "activeIntervals"] as const) {
    (route[field] ?? []).forEach((name, index) => {
      if (!known.intervals.has(name))
        found.push(at(`${pointer}/${field}/${index}`, "unknown", `There is no time interval "${name}".`));
    });
  }
  const routes = route.routes ?? [];
  const last = routes.findIndex((child) => (child.matchers ?? []).length === 0 && child.continue !== true);
  if (last >= 0 && last < routes.length - 1)
    found.push(at(`${pointer}/routes/${last + 1}`, "unreachable", "The route before takes every alert."));
  return [
    ...found,
    ...routes.flatMap((child, index) => routeProblems(child, `${pointer}/routes/${index}`, known)),
  ];
}

function channelProblems(
  channels: readonly ReceiverChannel[],
  pointer: string,
  known: Known,
): FieldProblem[] {
  return [
    ...twins(
      channels.map(({ channelId }) => channelId),
      (index) => `${pointer}/${index}/channelId`,
    ),
    ...channels.flatMap(({ quietHours }, index) =>
      quietHours === undefined || known.intervals.has(quietHours.interval)
        ? []
        : [
            at(
              `${pointer}/${index}/quietHours/interval`,
              "unknown",
              `There is no time interval "${quietHours.interval}".`,
            ),
          ],
    ),
  ];
}

function twins(names: readonly string[], pointer: (index: number) => string): FieldProblem[] {
  return names.flatMap((name, index) =>
    names.indexOf(name) === index ? [] : [at(pointer(index), "duplicate", `"${name}" stands here twice.`)],
  );
}

function at(pointer: string, code: string, message: string): FieldProblem {
  return { pointer, code, message };
}

function depthOf(route: Route): number {
  return 1 + Math.max(0, ...(route.routes ?? []).map(depthOf));
}

function countOf(route: Route): number {
  return 1 + (route.routes ?? []).reduce((sum, child) => sum + countOf(child), 0);
}
