import { type Instance, newInstance } from "../instances/instance.ts";
import type { KeyState } from "../state.ts";
import type { Trace } from "../trace.rules.ts";
import { readPattern, type StoredPattern, storePattern } from "./stored-pattern.ts";
import { readWindow, type StoredWindow, storeWindow } from "./stored-window.ts";

/** Counts up when what is stored is read in another way. */
const version = 1;

/** A stretch of evaluations: when it began, how long it went on, and the rest in order. */
type StoredTrace = readonly [
  from: number,
  length: number,
  n: Trace["n"],
  verdict: Trace["verdict"],
  status: Trace["status"],
  guard: Trace["guard"],
  values: Trace["values"],
  instance?: string | null,
  why?: string,
];

/** Stored as they are, where they are there. */
type Plain = Pick<
  KeyState,
  "resumedAt" | "resolveAt" | "idle" | "held" | "models" | "sent" | "chain" | "log"
>;

/** The state of a key in its row: what is as it was in the beginning is left out, what there is many of is in lists. */
interface StoredKey extends Plain {
  readonly v: number;
  readonly key: KeyState["key"];
  readonly times: readonly [at: number | null, touchedAt: number, eventAt: number | null];
  readonly window?: StoredWindow;
  readonly pattern?: StoredPattern;
  readonly instances?: Readonly<Record<string, Partial<Instance>>>;
  readonly trace: readonly StoredTrace[];
}

/** The text of a key's row. */
export function writeKeyState(state: KeyState): string {
  const { key, at, touchedAt, eventAt, idle, held, window, pattern, instances, trace, resolveAt, ...rest } =
    state;
  const stored: StoredKey = {
    v: version,
    key,
    times: [at, touchedAt, eventAt],
    ...rest,
    ...(resolveAt === null || resolveAt === undefined ? {} : { resolveAt }),
    ...(idle === true ? { idle } : {}),
    ...(held === undefined || held.length === 0 ? {} : { held }),
    ...(window === undefined ? {} : { window: storeWindow(window) }),
    ...(pattern === undefined ? {} : { pattern: storePattern(pattern) }),
    ...(Object.keys(instances).length === 0 ? {} : { instances: storeInstances(instances) }),
    trace: trace.map(storeTrace),
  };
  return JSON.stringify(stored);
}

/** @throws Error where it was written by a version that is not known */
export function readKeyState(text: string): KeyState {
  const { v, times, window, pattern, instances, trace, ...rest }: StoredKey = JSON.parse(text);
  if (v !== version) throw new Error(`The state of a key has version ${v}; version ${version} is read.`);
  const [at, touchedAt, eventAt] = times;
  return {
    ...rest,
    at,
    touchedAt,
    eventAt,
    ...(window === undefined ? {} : { window: readWindow(window) }),
    ...(pattern === undefined ? {} : { pattern: readPattern(pattern) }),
    instances: readInstances(instances ?? {}),
    trace: trace.map(readTrace),
  };
}

function storeTrace(trace: Trace): StoredTrace {
  const { from, to, n, verdict, status, guard, values, instance, why } = trace;
  if (why !== undefined) return [from, to - from, n, verdict, status, guard, values, instance ?? null, why];
  if (instance !== undefined) return [from, to - from, n, verdict, status, guard, values, instance];
  return [from, to - from, n, verdict, status, guard, values];
}

function readTrace([from, length, n, verdict, status, guard, values, instance, why]: StoredTrace): Trace {
  return {
    from,
    to: from + length,
    n,
    verdict,
    status,
    guard,
    values,
    ...(instance === undefined || instance === null ? {} : { instance }),
    ...(why === undefined ? {} : { why }),
  };
}

const fresh: Readonly<Record<string, unknown>> = { ...newInstance({}, 0) };

function storeInstances(instances: KeyState["instances"]): Record<string, Partial<Instance>> {
  return mapped(instances, (instance) =>
    Object.fromEntries(Object.entries(instance).filter(([name, value]) => value !== fresh[name])),
  );
}

function readInstances(stored: Readonly<Record<string, Partial<Instance>>>): KeyState["instances"] {
  return mapped(stored, (instance) => ({ ...newInstance({}, 0), ...instance }));
}

function mapped<A, B>(of: Readonly<Record<string, A>>, map: (one: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(of).map(([id, one]) => [id, map(one)]));
}
