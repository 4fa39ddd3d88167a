import type { Command } from "../../src/modules/jobs/engine/commands.ts";
import type { JobStore } from "../../src/modules/jobs/engine/job-store.ts";
import type { Config, TenantLimits } from "../../src/modules/jobs/engine/limits.ts";

/** One protection taken away, to prove that the simulator notices. */
export type Sabotage =
  | "token check"
  | "idempotency"
  | "concurrency limits"
  | "provider windows"
  | "budgets"
  | "recorded once"
  | "durable commits"
  | "permit renewal"
  | "event log"
  | "lease expiry";

export const sabotages: readonly Sabotage[] = [
  "token check",
  "idempotency",
  "concurrency limits",
  "provider windows",
  "budgets",
  "recorded once",
  "durable commits",
  "permit renewal",
  "event log",
  "lease expiry",
];

/** The command as a host without the protection would hand it on. */
export function sabotageCommand(sabotage: Sabotage | undefined, store: JobStore, command: Command): Command {
  if (sabotage === "idempotency" && command.type === "submit") {
    const items = command.items.map(({ idempotency: _, id: __, ...item }) => item);
    return { ...command, items };
  }
  const reports = command.type === "heartbeat" || command.type === "complete" || command.type === "fail";
  if (sabotage === "token check" && reports) {
    const chunk = store.findJob(command.jobId)?.chunks.find((open) => open.index === command.chunk);
    return chunk?.lease === undefined ? command : { ...command, token: chunk.lease.token };
  }
  return command;
}

/** The store as the engine would see it without the protection; checks go on with the true one. */
export function sabotageStore(
  sabotage: Sabotage | undefined,
  store: JobStore,
  random: () => number,
): JobStore {
  switch (sabotage) {
    case "concurrency limits":
      return withConfig(store, ({ timeZone, budget, providers }) => ({
        ...(timeZone && { timeZone }),
        ...(budget && { budget }),
        ...(providers && { providers: withoutConcurrency(providers) }),
        keyDefault: 1_000,
      }));
    case "provider windows":
      return withConfig(store, ({ providers, ...limits }) => ({
        ...limits,
        ...(providers && { providers: withoutWindows(providers) }),
      }));
    case "budgets":
      return withConfig(store, ({ budget: _, ...limits }) => limits);
    case "recorded once":
      return override(store, {
        findJob(id) {
          const job = store.findJob(id);
          for (const chunk of job?.chunks ?? []) chunk.marks = chunk.marks.replaceAll("d", ".");
          return job;
        },
      });
    case "event log":
      return override(store, {
        appendEvents: (events) =>
          store.appendEvents(events.map((event) => (random() < 0.2 ? { ...event, data: {} } : event))),
      });
    case "lease expiry":
      return override(store, { dueJobs: () => [], firstDue: () => null });
    default:
      return store;
  }
}

function withConfig(store: JobStore, change: (limits: TenantLimits) => TenantLimits): JobStore {
  return override(store, {
    readConfig(): Config {
      const config = store.readConfig();
      const tenants = Object.entries(config.tenants).map(([id, limits]) => [id, change(limits)]);
      return { ...config, tenants: Object.fromEntries(tenants) };
    },
  });
}

function withoutConcurrency(providers: NonNullable<TenantLimits["providers"]>) {
  return Object.fromEntries(
    Object.entries(providers).map(([name, { concurrency: _, ...limits }]) => [name, limits]),
  );
}

function withoutWindows(providers: NonNullable<TenantLimits["providers"]>) {
  return Object.fromEntries(
    Object.entries(providers).map(([name, { concurrency }]) => [
      name,
      concurrency === undefined ? {} : { concurrency },
    ]),
  );
}

function override(store: JobStore, methods: Partial<JobStore>): JobStore {
  return new Proxy(store, {
    get(target, name) {
      const changed = methods[name as keyof JobStore];
      const value: unknown = changed ?? Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
