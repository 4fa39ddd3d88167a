import type { Json } from "../../../kernel/json.ts";
import {
  bytesText,
  dateText,
  durationText,
  type Locale,
  numberText,
  percentText,
  timeText,
} from "./formats.rules.ts";

/** What a template sees of its surroundings. */
export interface Surroundings {
  readonly locale: Locale;
  /** IANA name of the zone in which times are written. */
  readonly zone: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

export interface Filter {
  readonly least: number;
  readonly most: number;
  readonly apply: (value: Json, args: readonly Json[], around: Surroundings) => Json;
}

const maxText = 65_536;

function filter(least: number, most: number, apply: Filter["apply"]): Filter {
  return { least, most, apply };
}

/** A filter for numbers: other values go through as they are. */
function onNumber(
  least: number,
  most: number,
  write: (value: number, args: readonly Json[], around: Surroundings) => string,
): Filter {
  return filter(least, most, (value, args, around) => {
    const number = numberOf(value);
    return number === undefined ? value : write(number, args, around);
  });
}

/** The filters of the template language by name. */
export const filters: Readonly<Record<string, Filter>> = {
  upper: filter(0, 0, (value) => plainText(value).toUpperCase()),
  lower: filter(0, 0, (value) => plainText(value).toLowerCase()),
  trim: filter(0, 0, (value) => plainText(value).trim()),
  truncate: filter(1, 1, (value, [length]) => truncated(plainText(value), numberOf(length) ?? 0)),
  replace: filter(2, 2, (value, [from, to]) => replaced(plainText(value), plainText(from), plainText(to))),
  default: filter(1, 1, (value, [other = null]) => (isEmpty(value) ? other : value)),
  join: filter(1, 1, (value, [mark]) =>
    Array.isArray(value) ? value.map((item) => plainText(item)).join(plainText(mark)) : value,
  ),
  size: filter(0, 0, sizeOf),
  first: filter(0, 0, (value) => (Array.isArray(value) ? (value[0] ?? null) : value)),
  last: filter(0, 0, (value) => (Array.isArray(value) ? (value.at(-1) ?? null) : value)),
  plural: filter(2, 2, (value, [one = null, many = null]) => (numberOf(value) === 1 ? one : many)),
  json: filter(0, 0, (value) => JSON.stringify(value)),
  url: filter(0, 0, (value) => encodeURIComponent(plainText(value).toWellFormed())),
  number: onNumber(0, 1, (value, [digits]) => numberText(value, numberOf(digits))),
  percent: onNumber(0, 1, (value, [digits]) => percentText(value, numberOf(digits))),
  bytes: onNumber(0, 0, bytesText),
  duration: onNumber(0, 0, (value, _, { locale }) => durationText(value, locale)),
  time: onNumber(0, 1, (value, [zone], around) => timeText(value, around.locale, zoneOf(zone, around))),
  date: onNumber(0, 1, (value, [zone], around) => dateText(value, around.locale, zoneOf(zone, around))),
  ago: onNumber(0, 0, (value, _, { locale, now }) => {
    const text = durationText(now - value, locale);
    if (now < value) return locale === "ko" ? `${text} 후` : `in ${text}`;
    return locale === "ko" ? `${text} 전` : `${text} ago`;
  }),
};

/** A value as text: lists by commas, objects as `name=value` by commas, nothing for null. */
export function plainText(value: Json | undefined): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return value.map((item) => plainText(item)).join(", ");
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return entries.map(([name, member]) => `${name}=${plainText(member)}`).join(", ");
}

/** Null, false, empty text, empty list and empty object are empty; zero is not. */
export function isEmpty(value: Json): boolean {
  if (value === null || value === false || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

export function numberOf(value: Json | undefined): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "string" || !/^-?\d+(\.\d+)?$/.test(value)) return undefined;
  return Number(value);
}

function sizeOf(value: Json): number {
  if (typeof value === "string") return [...value].length;
  return value !== null && typeof value === "object" ? Object.keys(value).length : 0;
}

function truncated(text: string, length: number): string {
  const characters = Array.from(text);
  if (characters.length <= length) return text;
  return `${characters.slice(0, Math.max(0, length - 1)).join("")}…`;
}

function replaced(text: string, from: string, to: string): string {
  return from === "" ? text : text.replaceAll(from, () => to).slice(0, maxText);
}

function zoneOf(zone: Json | undefined, { zone: own }: Surroundings): string {
  return typeof zone === "string" && zone !== "" ? zone : own;
}
