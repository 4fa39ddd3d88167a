import { type Fields, itemsAt } from "./fields.ts";
import { stamp } from "./stamp.ts";

export interface Condition {
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  readonly reason?: string;
  readonly message?: string;
}

/** The list with the condition in it; its instant moves only when the status does. */
export function withCondition(conditions: readonly Fields[], condition: Condition, now: number): Fields[] {
  const before = conditions.find((one) => one["type"] === condition.type);
  const since =
    before !== undefined && before["status"] === condition.status ? before["lastTransitionTime"] : stamp(now);
  const next: Fields = { ...condition, lastTransitionTime: since ?? stamp(now) };
  return before === undefined
    ? [...conditions, next]
    : conditions.map((one) => (one === before ? next : one));
}

export function withConditions(
  conditions: readonly Fields[],
  news: readonly Condition[],
  now: number,
): Fields[] {
  return news.reduce<Fields[]>((list, condition) => withCondition(list, condition, now), [...conditions]);
}

export function withoutCondition(conditions: readonly Fields[], type: string): Fields[] {
  return conditions.filter((one) => one["type"] !== type);
}

export function conditionOf(object: unknown, type: string): Fields | undefined {
  return itemsAt(object, "status", "conditions").find((one) => one["type"] === type);
}

export function isTrue(object: unknown, type: string): boolean {
  return conditionOf(object, type)?.["status"] === "True";
}
