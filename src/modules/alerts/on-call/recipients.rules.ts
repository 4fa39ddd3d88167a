import type { NotifyTarget, OnCallSchedule } from "../../../../contracts/on-call.ts";
import { whoIsOnCall } from "./who-is-on-call.rules.ts";

/** What targets stand for at the moment of telling. */
export interface Directory {
  readonly schedules: Readonly<Record<string, OnCallSchedule>>;
  /** User ids by team. */
  readonly teams: Readonly<Record<string, readonly string[]>>;
}

export interface Recipient {
  readonly kind: "user" | "channel";
  readonly id: string;
}

export interface Recipients {
  /** Each once, in the order of the targets. */
  readonly recipients: readonly Recipient[];
  /** Targets that reach nobody: an unknown schedule, or a team that is unknown or empty. They are to be shown. */
  readonly unreached: readonly NotifyTarget[];
}

/** Turns targets into people and channels at an instant (ms UTC). */
export function recipientsOf(targets: readonly NotifyTarget[], directory: Directory, at: number): Recipients {
  const found = new Map<string, Recipient>();
  const unreached: NotifyTarget[] = [];
  for (const target of targets) {
    const reached = reach(target, directory, at);
    if (reached.length === 0) unreached.push(target);
    for (const recipient of reached) found.set(`${recipient.kind}:${recipient.id}`, recipient);
  }
  return { recipients: [...found.values()], unreached };
}

function reach({ kind, id }: NotifyTarget, directory: Directory, at: number): readonly Recipient[] {
  switch (kind) {
    case "user":
    case "channel":
      return [{ kind, id }];
    case "team":
      return (own(directory.teams, id) ?? []).map((user) => ({ kind: "user", id: user }));
    case "schedule": {
      const schedule = own(directory.schedules, id);
      return schedule === undefined ? [] : reach(whoIsOnCall(schedule, at).target, directory, at);
    }
  }
}

function own<T>(entries: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(entries, key) ? entries[key] : undefined;
}
