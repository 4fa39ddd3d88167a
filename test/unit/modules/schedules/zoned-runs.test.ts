import { describe, expect, it } from "vitest";
import { type Random, seededRandom } from "../../../../src/kernel/random.ts";
import { compileSchedule } from "../../../../src/modules/schedules/compile-schedule.rules.ts";

const minuteMs = 60_000;

/** A cron expression with what it means, so that the oracle reads no expression. */
interface Sample {
  readonly expression: string;
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly dates: ReadonlySet<number> | null;
  readonly weekdays: ReadonlySet<number> | null;
  readonly atIntervals: boolean;
}

/** What a zone's clocks show in each minute of a stretch, straight from Intl. */
function clocksOf(zone: string, from: number, days: number): readonly number[] {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hourCycle: "h23",
    ...{ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" },
  });
  return Array.from({ length: days * 1440 }, (_, index) => {
    const [day, month, year, hour, minute] = format
      .format(from + index * minuteMs)
      .split(/\D+/)
      .map(Number);
    return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute);
  });
}

function holds({ minutes, hours, dates, weekdays }: Sample, local: number): boolean {
  const date = new Date(local);
  if (!minutes.has(date.getUTCMinutes()) || !hours.has(date.getUTCHours())) return false;
  if (dates !== null && weekdays !== null) {
    return dates.has(date.getUTCDate()) || weekdays.has(date.getUTCDay());
  }
  return dates?.has(date.getUTCDate()) !== false && weekdays?.has(date.getUTCDay()) !== false;
}

/** Every run after the first minute, by the policy's definition. */
function runsByMinute(sample: Sample, from: number, clocks: readonly number[]): number[] {
  const seen = new Set<number>();
  const runs: number[] = [];
  for (const [index, local] of clocks.entries()) {
    const before = clocks[index - 1] ?? local - minuteMs;
    let due = holds(sample, local) && (sample.atIntervals || !seen.has(local));
    for (let skipped = before + minuteMs; skipped < local; skipped += minuteMs)
      due ||= holds(sample, skipped);
    seen.add(local);
    if (due && index > 0) runs.push(from + index * minuteMs);
  }
  return runs;
}

function pick(random: Random, from: number, to: number): number {
  return from + Math.floor(random() * (to - from + 1));
}

function someOf(random: Random, from: number, to: number, most: number): number[] {
  return [...new Set(Array.from({ length: pick(random, 1, most) }, () => pick(random, from, to)))];
}

function field(
  random: Random,
  from: number,
  to: number,
): { text: string; values: number[]; interval: boolean } {
  const all = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const kind = random();
  if (kind < 0.25) return { text: "*", values: all, interval: true };
  if (kind < 0.45) {
    const step = pick(random, 2, Math.ceil(all.length / 2));
    return { text: `*/${step}`, values: all.filter((value) => (value - from) % step === 0), interval: true };
  }
  if (kind < 0.6) {
    const low = pick(random, from, to);
    const high = pick(random, from, to);
    const values = all.filter((value) =>
      low <= high ? low <= value && value <= high : value >= low || value <= high,
    );
    return { text: `${low}-${high}`, values, interval: true };
  }
  const values = someOf(random, from, to, 4);
  return { text: values.join(","), values, interval: false };
}

function sample(random: Random): Sample {
  const minute = field(random, 0, 59);
  const hour = field(random, 0, 23);
  const dates = random() < 0.3 ? someOf(random, 1, 31, 6) : null;
  const weekdays = random() < 0.3 ? someOf(random, 0, 6, 3) : null;
  return {
    expression: `${minute.text} ${hour.text} ${dates?.join(",") ?? "*"} * ${weekdays?.join(",") ?? "*"}`,
    minutes: new Set(minute.values),
    hours: new Set(hour.values),
    dates: dates && new Set(dates),
    weekdays: weekdays && new Set(weekdays),
    atIntervals: minute.interval || hour.interval,
  };
}

const stretches = [
  ["America/New_York", "2026-03-06T00:00Z"],
  ["America/New_York", "2026-10-30T00:00Z"],
  ["Asia/Seoul", "1988-05-06T00:00Z"],
  ["Asia/Kolkata", "2026-03-06T00:00Z"],
  ["Australia/Lord_Howe", "2026-04-03T00:00Z"],
  ["Australia/Lord_Howe", "2026-10-02T00:00Z"],
  ["Europe/Dublin", "2026-03-27T00:00Z"],
  ["Europe/Dublin", "2026-10-23T00:00Z"],
  ["Asia/Kathmandu", "1985-12-30T00:00Z"],
  ["America/Sao_Paulo", "2018-11-02T00:00Z"],
  ["America/Sao_Paulo", "2019-02-15T00:00Z"],
  ["Pacific/Apia", "2011-12-28T00:00Z"],
  ["Africa/Casablanca", "2025-02-21T00:00Z"],
  ["Africa/Casablanca", "2025-04-04T00:00Z"],
] as const;

describe("runs of random expressions", () => {
  it.each(stretches)("are in %s from %s those that a walk over every minute finds", (zone, start) => {
    const random = seededRandom(20_260_308);
    const from = Date.parse(start);
    const clocks = clocksOf(zone, from, 5);
    const end = from + clocks.length * minuteMs;
    for (let round = 0; round < 60; round++) {
      const one = sample(random);
      const expected = runsByMinute(one, from, clocks);
      const schedule = compileSchedule({
        ...{ kind: "cron", zone, expression: one.expression, dayMatch: "or", dst: "vixie" },
      });
      const forward: number[] = [];
      for (let run = schedule.next(from); run !== null && run < end; run = schedule.next(run))
        forward.push(run);
      expect(forward, one.expression).toEqual(expected);
      const backward: number[] = [];
      for (let run = schedule.previous(end); run !== null && run > from; run = schedule.previous(run)) {
        backward.unshift(run);
      }
      expect(backward, one.expression).toEqual(expected);
    }
  });
});
