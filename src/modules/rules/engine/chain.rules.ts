import type { MaruEvent } from "../../../../contracts/events.ts";
import type { CompiledTrigger } from "./compile/compiled-rule.ts";

/** The rules that an event has come through, in order, and when the latest such event came. */
export interface Chain {
  readonly visited: readonly string[];
  readonly at: number;
}

const hourMs = 3_600_000;

/** The source of the events of a rule's actions; only the gate and the engine write source ids. */
export const ruleSourceId = (ruleId: string): string => `rule:${ruleId}`;

export const isRuleSource = (sourceId: string): boolean => sourceId.startsWith("rule:");

/** The rules that an event came through; nothing for an event from outside. */
export function visitedOf(event: MaruEvent): readonly string[] {
  if (!isRuleSource(event.sourceid)) return [];
  const data = event.data;
  if (typeof data !== "object" || data === null || Array.isArray(data)) return [];
  const { visited } = data;
  return Array.isArray(visited) ? visited.filter((one) => typeof one === "string") : [];
}

/**
 * What a key knows after an event about the rules that led to it. A filter goes by its latest event; what windows and
 * patterns gather is led to by every event of the last `spanMs`.
 */
export function chainAfter(
  before: Chain | undefined,
  event: MaruEvent,
  at: number,
  spanMs: number,
): Chain | undefined {
  const kept = before !== undefined && spanMs > 0 && at - before.at <= spanMs ? before : undefined;
  const visited = visitedOf(event);
  if (visited.length === 0) return kept;
  if (kept === undefined) return { visited, at };
  return { visited: [...new Set([...kept.visited, ...visited])], at: Math.max(kept.at, at) };
}

/** How long an event counts for what a trigger decides, in milliseconds. */
export function spanOf(trigger: CompiledTrigger): number {
  if (trigger.kind === "filter") return 0;
  if (trigger.kind !== "window") return hourMs;
  const { window } = trigger;
  return "sizeMs" in window ? Math.max(window.sizeMs, hourMs) : hourMs;
}
