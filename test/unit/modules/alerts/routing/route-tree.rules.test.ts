import { describe, expect, it } from "vitest";
import type { Labels, Matcher, Route, RoutingConfig } from "../../../../../contracts/alerts.ts";
import { RoutingConfig as RoutingConfigShape } from "../../../../../contracts/alerts.ts";
import { groupKey, groupLabels } from "../../../../../src/modules/alerts/routing/group-key.rules.ts";
import {
  allRoutes,
  compileRoutes,
  defaultRoute,
  matchRoutes,
} from "../../../../../src/modules/alerts/routing/route-tree.rules.ts";
import { routingProblems } from "../../../../../src/modules/alerts/routing/routing-problems.rules.ts";

const is = (name: string, value: string, op: Matcher["op"] = "="): Matcher => ({ name, op, value });

/** Two teams: the database team by environment, the web team by region. */
const tree: Route = {
  receiver: "fallback",
  routes: [
    {
      matchers: [is("team", "db"), is("level", "info", "!=")],
      receiver: "db",
      routes: [
        { matchers: [is("env", "test")], receiver: "db-test", groupBy: "all" },
        { matchers: [is("env", "prod")], receiver: "db-pager", groupWaitMs: 60_000, continue: true },
        {
          matchers: [is("env", "pro.*", "=~"), is("job", ".*", "=~")],
          receiver: "db-mail",
          groupWaitMs: 1,
          groupIntervalMs: 2,
          repeatIntervalMs: 3,
          groupBy: ["job"],
        },
      ],
    },
    { matchers: [is("team", "web|edge", "=~")], receiver: "web", groupBy: ["zone", "host"], groupWaitMs: 7 },
    {
      matchers: [is("by", "role")],
      groupBy: ["role"],
      routes: [
        {
          matchers: [is("env", "test")],
          receiver: "role-test",
          routes: [{ matchers: [is("wait", "long")], groupWaitMs: 120_000 }],
        },
      ],
    },
  ],
};

describe("matchRoutes", () => {
  const root = compileRoutes(tree);
  const told = (labels: Labels) =>
    matchRoutes(root, labels).map(({ receiver, groupBy, groupWaitMs, groupIntervalMs, repeatIntervalMs }) => [
      receiver,
      groupBy,
      groupWaitMs,
      groupIntervalMs,
      repeatIntervalMs,
    ]);
  const { groupWaitMs, groupIntervalMs, repeatIntervalMs } = defaultRoute;
  const defaults = [groupIntervalMs, repeatIntervalMs];

  it.each([
    ["no child, so the root", {}, [["fallback", [], groupWaitMs, ...defaults]]],
    ["a child whose own children don't match", { team: "db" }, [["db", [], groupWaitMs, ...defaults]]],
    ["a child, whatever other labels say", { team: "db", env: "x" }, [["db", [], groupWaitMs, ...defaults]]],
    [
      "nobody's child by inequality",
      { team: "db", level: "info" },
      [["fallback", [], groupWaitMs, ...defaults]],
    ],
    ["a grandchild", { team: "db", env: "test" }, [["db-test", "all", groupWaitMs, ...defaults]]],
    [
      "two grandchildren by continue",
      { team: "db", env: "prod" },
      [
        ["db-pager", [], 60_000, ...defaults],
        ["db-mail", ["job"], 1, 2, 3],
      ],
    ],
    ["a child by pattern", { team: "edge" }, [["web", ["zone", "host"], 7, ...defaults]]],
    [
      "a child with its parent's receiver",
      { by: "role" },
      [["fallback", ["role"], groupWaitMs, ...defaults]],
    ],
    ["its grandchild", { by: "role", env: "test" }, [["role-test", ["role"], groupWaitMs, ...defaults]]],
    [
      "a great-grandchild that inherits all but its wait",
      { by: "role", env: "test", wait: "long" },
      [["role-test", ["role"], 120_000, ...defaults]],
    ],
  ])("goes to %s", (_name, labels, expected) => {
    expect(told(labels as unknown as Labels)).toEqual(expected);
  });

  it("names routes by the matchers on the way, so that an edit elsewhere changes no name", () => {
    expect(matchRoutes(root, { team: "db", env: "prod" }).map(({ key }) => key)).toEqual([
      '{}/{level!="info",team="db"}/{env="prod"}',
      '{}/{level!="info",team="db"}/{env=~"pro.*",job=~".*"}',
    ]);
    const twins = compileRoutes({
      receiver: "a",
      routes: [{ receiver: "b", continue: true, matchers: [is("x", "1")] }, { matchers: [is("x", "1")] }],
    });
    expect(matchRoutes(twins, { x: "1" }).map(({ key }) => key)).toEqual(['{}/{x="1"}', '{}/{x="1"}#2']);
  });

  it("walks the tree parents first", () => {
    expect(allRoutes(root).map(({ receiver }) => receiver)).toEqual([
      "fallback",
      "db",
      "db-test",
      "db-pager",
      "db-mail",
      "web",
      "fallback",
      "role-test",
      "role-test",
    ]);
  });

  it("inherits grouping by all labels until a child says otherwise, but not its parent's times", () => {
    const all = compileRoutes({
      receiver: "a",
      routes: [
        {
          matchers: [is("p", "1")],
          groupBy: "all",
          muteIntervals: ["night"],
          routes: [{ matchers: [is("c", "1")] }, { matchers: [is("c", "2")], groupBy: ["foo"] }],
        },
      ],
    });
    expect(allRoutes(all).map(({ groupBy }) => groupBy)).toEqual([[], "all", "all", ["foo"]]);
    expect(allRoutes(all).map(({ muteIntervals }) => muteIntervals)).toEqual([[], ["night"], [], []]);
  });
});

describe("groups", () => {
  const labels = { a: "v1", b: "v2", c: "v3" };

  it("share the labels that they are made by, or all", () => {
    expect(groupLabels(labels, { groupBy: ["b", "a", "missing"] })).toEqual({ a: "v1", b: "v2" });
    expect(groupLabels(labels, { groupBy: "all" })).toEqual(labels);
    expect(groupLabels(labels, { groupBy: [] })).toEqual({});
  });

  it("are named by route and labels", () => {
    expect(groupKey({ key: '{}/{env="prod"}' }, { service: "api", alert: 'a"b' })).toBe(
      '{}/{env="prod"}:{alert="a\\"b", service="api"}',
    );
    expect(groupKey({ key: "{}" }, { 'a="1", b': "2" })).not.toBe(
      groupKey({ key: "{}" }, { a: "1", b: "2" }),
    );
  });
});

describe("routingProblems", () => {
  const config = (changes: Partial<RoutingConfig>): RoutingConfig =>
    RoutingConfigShape.parse({
      route: { receiver: "a" },
      receivers: [{ name: "a", channels: [] }],
      inhibitions: [],
      maintenance: [],
      timeIntervals: { night: [{}] },
      ...changes,
    });
  const found = (changes: Partial<RoutingConfig>) =>
    routingProblems(config(changes)).map(({ pointer, code }) => `${pointer} ${code}`);

  it("accepts the smallest routing", () => {
    expect(found({})).toEqual([]);
  });

  it.each<[string, Partial<RoutingConfig>, string[]]>([
    ["a root without receiver", { route: {} }, ["/route/receiver missing"]],
    [
      "a root that is more than a root",
      { route: { receiver: "a", matchers: [is("x", "1")], continue: true, muteIntervals: ["night"] } },
      ["/route/matchers at_root", "/route/continue at_root", "/route/muteIntervals at_root"],
    ],
    [
      "names that nothing has",
      {
        route: {
          receiver: "a",
          routes: [{ matchers: [is("x", "1")], receiver: "z", activeIntervals: ["day"] }],
        },
      },
      ["/route/routes/0/receiver unknown", "/route/routes/0/activeIntervals/0 unknown"],
    ],
    [
      "a pattern that can't be read",
      { route: { receiver: "a", routes: [{ matchers: [is("x", "(", "=~")] }] } },
      ["/route/routes/0/matchers/0/value bad_pattern"],
    ],
    [
      "a route that is never reached",
      { route: { receiver: "a", routes: [{}, { matchers: [is("x", "1")] }] } },
      ["/route/routes/1 unreachable"],
    ],
    [
      "intervals of no length and a label twice",
      { route: { receiver: "a", groupIntervalMs: 0, repeatIntervalMs: 0, groupBy: ["x", "x"] } },
      ["/route/groupIntervalMs too_small", "/route/repeatIntervalMs too_small", "/route/groupBy/1 duplicate"],
    ],
    [
      "receivers and channels twice, and unknown quiet hours",
      {
        receivers: [
          {
            name: "a",
            channels: [
              { channelId: "c", quietHours: { interval: "noon", digest: true } },
              { channelId: "c" },
            ],
          },
          { name: "a", channels: [] },
        ],
      },
      [
        "/receivers/0/channels/1/channelId duplicate",
        "/receivers/0/channels/0/quietHours/interval unknown",
        "/receivers/1/name duplicate",
      ],
    ],
    [
      "a bad pattern in an inhibition",
      { inhibitions: [{ id: "i", source: [is("a", "1")], target: [is("b", "[", "=~")], equal: [] }] },
      ["/inhibitions/0/target/0/value bad_pattern"],
    ],
  ])("points at %s", (_name, changes, expected) => {
    expect(found(changes)).toEqual(expected);
  });

  it("refuses a tree that is too deep", () => {
    let route: Route = { matchers: [is("x", "1")] };
    for (let depth = 0; depth < 20; depth += 1) route = { matchers: [is("x", "1")], routes: [route] };
    expect(found({ route: { receiver: "a", routes: [route] } })).toEqual(["/route too_big"]);
  });
});
