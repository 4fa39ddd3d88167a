const dayMs = 86_400_000;

/** The five fields of a cron line: minute, hour, day of month, month, day of week. */
export interface Cron {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
  readonly anyDay: boolean;
  readonly anyWeekday: boolean;
}

const ranges = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const;

function fieldOf(text: string, [low, high]: readonly [number, number]): Set<number> | undefined {
  const values = new Set<number>();
  for (const part of text.split(",")) {
    const told = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part);
    if (told === null) return undefined;
    const [, first, last, every] = told;
    const step = Number(every ?? "1");
    const from = first === undefined ? low : Number(first);
    const to =
      first === undefined || (last === undefined && every !== undefined) ? high : Number(last ?? first);
    if (step < 1 || from < low || to > high || from > to) return undefined;
    for (let value = from; value <= to; value += step) values.add(value);
  }
  return values;
}

/** Reads a cron line; undefined when it is none. */
export function parseCron(text: string): Cron | undefined {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== ranges.length) return undefined;
  const sets = ranges.map((range, index) => fieldOf(fields[index] ?? "", range));
  const [minutes, hours, days, months, weekdays] = sets;
  if (!minutes || !hours || !days || !months || !weekdays) return undefined;
  if (weekdays.has(7)) weekdays.add(0);
  const anyDay = fields[2] === "*";
  const anyWeekday = fields[4] === "*";
  return { minutes, hours, days, months, weekdays, anyDay, anyWeekday };
}

function dueOn(cron: Cron, day: Date): boolean {
  if (!cron.months.has(day.getUTCMonth() + 1)) return false;
  const byDate = cron.days.has(day.getUTCDate());
  const byWeekday = cron.weekdays.has(day.getUTCDay());
  return cron.anyDay || cron.anyWeekday ? byDate && byWeekday : byDate || byWeekday;
}

/** The first minute after an instant that the line names, in UTC; undefined when four years have none. */
export function nextCron(cron: Cron, after: number): number | undefined {
  const first = Math.floor(after / 60_000) * 60_000 + 60_000;
  const today = Math.floor(first / dayMs) * dayMs;
  for (let day = today; day < today + 1_462 * dayMs; day += dayMs) {
    if (!dueOn(cron, new Date(day))) continue;
    for (const hour of [...cron.hours].sort((a, b) => a - b))
      for (const minute of [...cron.minutes].sort((a, b) => a - b)) {
        const at = day + hour * 3_600_000 + minute * 60_000;
        if (at >= first) return at;
      }
  }
  return undefined;
}
