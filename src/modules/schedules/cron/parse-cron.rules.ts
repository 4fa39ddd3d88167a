import { problem } from "../../../kernel/problem.ts";
import type { Cron, DayPick } from "./cron.ts";
import { type CronField, cronFields } from "./cron-fields.ts";

const macros: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
  "@every_minute": "* * * * *",
  "@every_second": "* * * * * *",
};

interface Word {
  readonly text: string;
  readonly at: number;
}

interface Values {
  readonly values: readonly number[];
  readonly interval: boolean;
}

/**
 * Reads five fields (minute, hour, day of month, month, weekday), six with seconds first, or a macro.
 * Two restricted day fields mean either day, as in Vixie cron, where a field that starts with `*` is not restricted.
 * @throws invalid_input `schedules.cron_invalid`; `data.position` is the offset of the wrong part, the message says
 * what to write instead
 */
export function parseCron(expression: string, dayMatch: "or" | "and" = "or"): Cron {
  const words = wordsOf(expression);
  const [only] = words;
  if (words.length === 1 && only?.text.startsWith("@")) {
    const meant = macros[only.text.toLowerCase()];
    if (meant === undefined) refuse(only, `"${only.text}" is no macro`, Object.keys(macros).join(", "));
    return parseCron(meant, dayMatch);
  }
  if (words.length < 5 || words.length > 6) {
    const spare = words[6] ?? { text: "", at: expression.length };
    refuse(spare, `${words.length} fields stand here`, "five fields, or six with seconds first");
  }
  const zero: Word = { text: "0", at: 0 };
  const [second = zero, minute = zero, hour = zero, day = zero, month = zero, weekday = zero] =
    words.length === 6 ? words : [zero, ...words];
  const seconds = valuesOf(second, cronFields.second);
  const minutes = valuesOf(minute, cronFields.minute);
  const hours = valuesOf(hour, cronFields.hour);
  return {
    seconds: seconds.values,
    minutes: minutes.values,
    hours: hours.values,
    monthDays: picksOf(day, cronFields.day, monthDayOf),
    months: valuesOf(month, cronFields.month).values,
    weekdays: picksOf(weekday, cronFields.weekday, weekdayOf),
    either: dayMatch === "or" && isRestricted(day) && isRestricted(weekday),
    atIntervals: seconds.interval || minutes.interval || hours.interval,
  };
}

function wordsOf(expression: string): Word[] {
  return [...expression.matchAll(/\S+/g)].map((match) => ({ text: match[0], at: match.index }));
}

function isRestricted({ text }: Word): boolean {
  return !text.startsWith("*") && !text.startsWith("?");
}

/** The parts of a list, each with its own place in the expression. */
function partsOf({ text, at }: Word): Word[] {
  let offset = at;
  return text.split(",").map((part) => {
    const word = { text: part, at: offset };
    offset += part.length + 1;
    return word;
  });
}

function valuesOf(word: Word, field: CronField): Values {
  const parts = partsOf(word).map((part) => rangeOf(part, field));
  return {
    values: sorted(parts.flatMap(({ values }) => values)),
    interval: parts.some(({ interval }) => interval),
  };
}

function picksOf(word: Word, field: CronField, special: (part: Word) => DayPick | null): DayPick[] {
  const plain: number[] = [];
  const picks: DayPick[] = [];
  for (const part of partsOf(word)) {
    const pick = special(part);
    if (pick === null) plain.push(...rangeOf(part, field).values);
    else picks.push(pick);
  }
  if (plain.length === 0) return picks;
  const values = sorted(plain);
  return [
    field === cronFields.day ? { pick: "days", days: values } : { pick: "weekdays", weekdays: values },
    ...picks,
  ];
}

/** L, L-3, LW, L-3W and 15W; null for anything else. */
function monthDayOf(part: Word): DayPick | null {
  const last = /^L(?:-(\d{1,2}))?(W)?$/i.exec(part.text);
  if (last !== null) {
    const back = Number(last[1] ?? 0);
    if (back > 30) refuse(part, `"${part.text}" counts back further than a month`, "L-0 to L-30");
    return { pick: "fromEnd", back, nearest: last[2] !== undefined };
  }
  const nearest = /^(\d{1,2})W$/i.exec(part.text);
  if (nearest === null) return null;
  return { pick: "nearest", day: valueIn({ text: nearest[1] ?? "", at: part.at }, cronFields.day) };
}

/** FRI#2, 5#2 and 5L; null for anything else. */
function weekdayOf(part: Word): DayPick | null {
  const nth = /^(\w+)#(.*)$/.exec(part.text);
  if (nth !== null) {
    const weekday = valueIn({ text: nth[1] ?? "", at: part.at }, cronFields.weekday) % 7;
    if (!/^[1-5]$/.test(nth[2] ?? "")) refuse(part, `"${part.text}" asks for no week of a month`, "#1 to #5");
    return { pick: "nth", weekday, nth: Number(nth[2]) };
  }
  if (/^L$/i.test(part.text)) refuse(part, "L needs a weekday before it", "5L for the last Friday, or 6");
  const last = /^(\w+)L$/i.exec(part.text);
  if (last === null) return null;
  return { pick: "lastOf", weekday: valueIn({ text: last[1] ?? "", at: part.at }, cronFields.weekday) % 7 };
}

/** `*`, `?`, `a`, `a-b` and each with `/step`; `a/step` runs to the end of the field, `b < a` goes round. */
function rangeOf(part: Word, field: CronField): Values {
  const [range = "", step, more] = part.text.split("/");
  if (more !== undefined) refuse(part, "there are two steps", "one / in each part of a list");
  const star = range === "*" || range === "?";
  const dash = range.indexOf("-", 1);
  const low = star
    ? field.first
    : valueIn({ text: dash < 0 ? range : range.slice(0, dash), at: part.at }, field);
  let high = low;
  if (dash > 0) high = valueIn({ text: range.slice(dash + 1), at: part.at + dash + 1 }, field);
  else if (star || step !== undefined) high = field.last;
  const every = step === undefined ? 1 : stepOf({ text: step, at: part.at + range.length + 1 }, field);
  const values: number[] = [];
  const end = high < low ? high + field.size : high;
  for (let value = low; value <= end; value += every) {
    values.push(((value - field.first) % field.size) + field.first);
  }
  return { values, interval: star || dash > 0 || step !== undefined };
}

function valueIn(word: Word, field: CronField): number {
  const named = field.names.indexOf(word.text.toUpperCase());
  if (named >= 0) return named + field.first;
  const value = /^\d{1,2}$/.test(word.text) ? Number(word.text) : -1;
  if (value >= field.first && value <= field.last) return value;
  return refuse(word, `"${word.text}" is no ${field.name}`, wantedOf(field));
}

function wantedOf({ first, last, names, name }: CronField): string {
  const range = `a number from ${first} to ${last}`;
  if (names.length > 0) return `${range}, or ${names[0]} to ${names.at(-1)}`;
  return name === "day of month" ? `${range}, L, L-3, LW or 15W` : range;
}

function stepOf(word: Word, field: CronField): number {
  const step = /^\d{1,2}$/.test(word.text) ? Number(word.text) : 0;
  if (step >= 1 && step <= field.last) return step;
  return refuse(word, `"${word.text}" is no step of a ${field.name}`, `a number from 1 to ${field.last}`);
}

function sorted(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

function refuse({ at }: Word, wrong: string, instead: string): never {
  const message = `At column ${at + 1} ${wrong}; write ${instead}.`;
  throw problem("invalid_input", "schedules.cron_invalid", message, {
    errors: [{ pointer: "/expression", code: "cron_invalid", message }],
    data: { position: at },
  });
}
