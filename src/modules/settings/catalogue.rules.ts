import * as z from "zod";

interface SettingShape<Value extends z.ZodType> {
  /** The variable of the deployment that sets it for every tenant. */
  readonly variable: string;
  readonly value: Value;
  readonly fallback: z.output<Value>;
  readonly summary: string;
  /** Whether a change takes effect only once the deployment is started again. */
  readonly restartNeeded: boolean;
}

const setting = <Value extends z.ZodType>(shape: SettingShape<Value>): SettingShape<Value> => shape;

/** Every setting there is. All are read when something is about to happen, so none needs a restart. */
export const catalogue = {
  "polling.enabled": setting({
    variable: "MARU_POLLING_ENABLED",
    value: z.boolean(),
    fallback: true,
    summary: "Whether metric rules poll their sources",
    restartNeeded: false,
  }),
  "polling.intervalMs": setting({
    variable: "MARU_POLLING_INTERVAL_MS",
    value: z.int().min(10_000).max(86_400_000),
    fallback: 10_000,
    summary:
      "How often a metric rule polls at most, and how often one polls that names no interval; milliseconds",
    restartNeeded: false,
  }),
  "polling.concurrency": setting({
    variable: "MARU_POLLING_CONCURRENCY",
    value: z.int().min(1).max(100),
    fallback: 10,
    summary: "How many polls of the tenant may be under way at once",
    restartNeeded: false,
  }),
  "notifications.enabled": setting({
    variable: "MARU_NOTIFICATIONS_ENABLED",
    value: z.boolean(),
    fallback: true,
    summary: "Whether notifications are sent; otherwise they are recorded as suppressed and can be resent",
    restartNeeded: false,
  }),
  "scheduler.enabled": setting({
    variable: "MARU_SCHEDULER_ENABLED",
    value: z.boolean(),
    fallback: true,
    summary: "Whether schedules and schedule rules run; otherwise their runs are recorded as skipped",
    restartNeeded: false,
  }),
  "engine.shards": setting({
    variable: "MARU_ENGINE_SHARDS",
    value: z.int().min(1).max(16),
    fallback: 1,
    summary:
      "Among how many objects the keys of rules are divided; taken up when no rule is at work, since keys don't move",
    restartNeeded: false,
  }),
} as const;

export type SettingKey = keyof typeof catalogue;
export type SettingValues = { readonly [Key in SettingKey]: z.output<(typeof catalogue)[Key]["value"]> };

export const settingKeys = Object.keys(catalogue) as readonly SettingKey[];
