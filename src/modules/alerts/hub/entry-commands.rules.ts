import { namersOf } from "../entries/entries-in-use.rules.ts";
import { type EntryKind, entryNames } from "../entries/entry.ts";
import { entryProblems } from "../entries/entry-problems.rules.ts";
import type { HubCommand, HubReplies, PutEntry, Refused } from "./commands.ts";
import type { HubWork } from "./hub-work.ts";
import { refusal } from "./refusal.ts";

const most: Readonly<Record<EntryKind, number>> = { policy: 500, schedule: 500, team: 500, person: 5000 };

/** Writes down a policy, an on-call schedule, a team or how a person wants to be told. */
export function putEntry(work: HubWork, command: PutEntry): HubReplies["put_entry"] {
  const { kind, id, mode, expected, by } = command;
  const before = work.store.findEntry(kind, id);
  if (mode === "known" && before === undefined) return unknownEntry(kind, id);
  const stale = changed(before?.version ?? 0, expected);
  if (stale !== undefined) return stale;
  const known = {
    has: (other: EntryKind, name: string) => work.store.findEntry(other, name) !== undefined,
    intervals: new Set(Object.keys(work.routing.config.timeIntervals)),
  };
  const problems = entryProblems(command, known);
  if (problems.length > 0) {
    const detail = `The ${entryNames[kind]} is not valid.`;
    return refusal("invalid_input", "alerts.bad_entry", detail, problems);
  }
  if (before === undefined && work.store.entries(kind).length >= most[kind])
    return refusal("limit_reached", "alerts.too_many_entries", `${most[kind]} are the limit.`);
  const entry = {
    kind,
    id,
    version: (before?.version ?? 0) + 1,
    body: command.body,
    createdAt: before?.createdAt ?? work.now,
    updatedAt: work.now,
    updatedBy: by,
  };
  work.store.putEntry(entry);
  return { ok: true, entry };
}

export function deleteEntry(
  work: HubWork,
  { kind, id, expected }: Extract<HubCommand, { type: "delete_entry" }>,
): HubReplies["delete_entry"] {
  const before = work.store.findEntry(kind, id);
  if (before === undefined) return unknownEntry(kind, id);
  const stale = changed(before.version, expected);
  if (stale !== undefined) return stale;
  const [namer] = namersOf(kind, id, {
    route: work.routing.config.route,
    policies: work.store.entries("policy"),
    schedules: work.store.entries("schedule"),
  });
  if (namer !== undefined) {
    const detail = `It is named by ${namer}. Take it out there first.`;
    return refusal("conflict", "alerts.entry_in_use", detail);
  }
  work.store.deleteEntry(kind, id);
  return { ok: true };
}

function unknownEntry(kind: EntryKind, id: string): Refused {
  return refusal("not_found", "alerts.unknown_entry", `There is no ${entryNames[kind]} ${id}.`);
}

function changed(version: number, expected: number | undefined): Refused | undefined {
  if (expected === undefined || expected === version) return undefined;
  const detail = `The resource is at version ${version}. Read it again and retry.`;
  return refusal("precondition_failed", "version.changed", detail);
}
