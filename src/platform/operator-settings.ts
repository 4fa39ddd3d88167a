import type { Config } from "./config.ts";

/** What the operator set by variables of what tenants may set too, by the name of the setting. */
export function operatorSettings(config: Config): Readonly<Record<string, boolean | number | undefined>> {
  return {
    "polling.enabled": config.MARU_POLLING_ENABLED,
    "polling.intervalMs": config.MARU_POLLING_INTERVAL_MS,
    "polling.concurrency": config.MARU_POLLING_CONCURRENCY,
    "notifications.enabled": config.MARU_NOTIFICATIONS_ENABLED,
    "scheduler.enabled": config.MARU_SCHEDULER_ENABLED,
    "engine.shards": config.MARU_ENGINE_SHARDS,
  };
}
