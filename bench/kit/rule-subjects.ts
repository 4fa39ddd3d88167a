import type { MaruEvent } from "../../contracts/events.ts";
import { RuleDefinition, type RuleDefinitionInput } from "../../contracts/rules.ts";

/** What the services of a shop say of their requests: about one in a hundred is slow and failed. */
export interface RequestData {
  readonly [name: string]: string | number;
  readonly service: string;
  readonly level: string;
  readonly ms: number;
}

const services = ["payment", "checkout", "search", "catalogue", "session", "mail"];

/** A number that looks random, the same for the same `n`. */
const mixed = (n: number): number => {
  const a = Math.imul(n ^ 0x9e3779b9, 0x85ebca6b);
  const b = Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
  return (b ^ (b >>> 16)) >>> 0;
};

/** The data of the n-th request; the same for the same number. */
export function requestData(n: number, keys: number): RequestData {
  const luck = mixed(n);
  return {
    service: services[luck % services.length] ?? "",
    host: `host-${n % keys}`,
    level: mixed(luck ^ 1) % 10 === 3 ? "error" : "info",
    ms: mixed(luck) % 1000,
  };
}

/** Events of one request as the gate hands them on, from `from` on, one a millisecond unless told otherwise. */
export function requestEvents(
  first: number,
  count: number,
  keys: number,
  from: number,
  stepMs = 1,
): MaruEvent[] {
  return Array.from({ length: count }, (_, i) => {
    const n = first + i;
    const time = Math.floor(from + n * stepMs);
    return {
      id: `e${n}`,
      source: "/shop/requests",
      type: "shop.request",
      time,
      data: requestData(n, keys),
      tenantid: "bench",
      sourceid: "src_bench",
      ingesttime: Math.floor(from + (first + count) * stepMs),
      ingestseq: n,
      verified: "token",
    };
  });
}

const filter: RuleDefinitionInput = {
  name: "slow payments",
  trigger: { kind: "filter" },
  condition: {
    kind: "expression",
    open: 'data.level == "error" && data.ms > 900.0 && data.service.startsWith("pay")',
  },
  outcome: "match",
};

const average = {
  trigger: {
    kind: "window",
    window: { kind: "continuous", sizeMs: 300_000 },
    aggregates: { mean: { fn: "avg", over: "data.ms" } },
  },
  condition: { kind: "static", of: "mean", open: { op: ">", value: 900 }, close: { op: "<", value: 700 } },
  forMs: 120_000,
} as const;

const window: RuleDefinitionInput = {
  name: "slow hosts",
  key: ["data.host"],
  keyLabels: ["host"],
  ...average,
};

const pattern: RuleDefinitionInput = {
  name: "three failures and a success",
  key: ["data.host"],
  keyLabels: ["host"],
  trigger: {
    kind: "pattern",
    pattern: {
      steps: [
        { kind: "event", var: "failed", where: 'data.level == "error"', times: 3 },
        { kind: "event", var: "fine", where: 'data.level == "info" && data.ms > 990.0' },
      ],
      withinMs: 600_000,
    },
  },
  outcome: "match",
};

/** Every host is an alert of its own from its first event on. */
const alert: RuleDefinitionInput = {
  name: "each host",
  key: ["data.host"],
  keyLabels: ["host"],
  trigger: { kind: "filter" },
  condition: { kind: "expression", open: "data.ms >= 0.0" },
};

const ruleKinds = { filter, window, pattern, alert } as const;
export type RuleKind = "filter" | "window" | "pattern";

/** A rule of a kind as an author would publish it. */
export function definitionOf(
  kind: RuleKind | "alert",
  more: Partial<RuleDefinitionInput> = {},
): RuleDefinition {
  return RuleDefinition.parse({ ...ruleKinds[kind], ...more });
}
