import { tenantKey } from "../../../kernel/ports/blob.ts";

/**
 * `events`: what was let in. `ingest`: refused requests, data that travels by reference, events set aside. `polls`: what
 * metric rules asked for and were told.
 */
export type IntakeFolder = "events" | "ingest" | "polls";

/** What the name of a kept object tells: when it came in, in milliseconds since 1970 UTC, and through which source. */
export interface KeptObject {
  readonly at: number;
  readonly sourceId: string;
}

/**
 * The key of something that came in: `{tenant}/{folder}/{yyyy}/{mm}/{dd}/{hh}/{ms}-{sourceId}-{name}` in UTC. So the
 * order of keys is the order of arrival, a time range is a few prefixes, and whose retention holds is in the name.
 */
export function intakeKey(
  tenantId: string,
  folder: IntakeFolder,
  { at, sourceId }: KeptObject,
  name: string,
): string {
  const [year, month, day, hour] = parts(at);
  return tenantKey(tenantId, folder, year, month, day, hour, `${at}-${sourceId}-${name}`);
}

/** Reads what a key tells; undefined for a key of another form. */
export function readIntakeKey(key: string): KeptObject | undefined {
  const [, at, sourceId] = /\/(\d{13})-(\w+)-[\w.]+$/.exec(key) ?? [];
  return at === undefined || sourceId === undefined ? undefined : { at: Number(at), sourceId };
}

const hourMs = 3_600_000;
/** Whole hours listed one by one; a longer range is listed by the day. */
const mostHours = 24;

/** The prefixes, in order of time, below which everything lies that came in within `[from, to)`. */
export function intakePrefixes(tenantId: string, folder: IntakeFolder, from: number, to: number): string[] {
  const depth = to - from > mostHours * hourMs ? 3 : 4;
  const step = depth === 3 ? 24 * hourMs : hourMs;
  const prefixes: string[] = [];
  for (let at = Math.floor(from / step) * step; at < to; at += step)
    prefixes.push(`${tenantId}/${folder}/${parts(at).slice(0, depth).join("/")}/`);
  return prefixes;
}

function parts(at: number): [string, string, string, string] {
  const text = new Date(at).toISOString();
  return [text.slice(0, 4), text.slice(5, 7), text.slice(8, 10), text.slice(11, 13)];
}
