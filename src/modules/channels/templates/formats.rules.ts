import { findZone, localAt, zoneOf } from "../../../kernel/zone.ts";

export type Locale = "ko" | "en";

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const units = [
  { ms: 86_400_000, en: "d", ko: "일" },
  { ms: 3_600_000, en: "h", ko: "시간" },
  { ms: 60_000, en: "m", ko: "분" },
  { ms: 1000, en: "s", ko: "초" },
] as const;
const byteUnits = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
/** The last instant that a `Date` holds, less a day for the zone. */
const latest = 8.64e15 - 86_400_000;

/** A number with separators of thousands and at most `digits` decimals: 12345.678 is 12,345.68 in both languages. */
export function numberText(value: number, digits = 2): string {
  if (!Number.isFinite(value)) return String(value);
  const places = Math.min(20, Math.max(0, Math.trunc(digits)));
  return new Intl.NumberFormat("en-US", { maximumFractionDigits: places }).format(value);
}

/** A share as a percentage: 0.1234 is 12.34%. */
export function percentText(value: number, digits = 2): string {
  return `${numberText(value * 100, digits)}%`;
}

/** Bytes in binary units: 1536 is 1.5 KiB. */
export function bytesText(value: number): string {
  let [size, unit] = [value, 0];
  while (Math.abs(size) >= 1024 && unit < byteUnits.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${numberText(size, 1)} ${byteUnits[unit]}`;
}

/** A duration in milliseconds by its two largest units: 7,500,000 is 2h 5m, or 2시간 5분. */
export function durationText(ms: number, locale: Locale): string {
  if (!Number.isFinite(ms)) return String(ms);
  const whole = Math.abs(Math.trunc(ms));
  if (whole < 1000) return locale === "ko" ? `${whole}밀리초` : `${whole}ms`;
  const first = units.findIndex((unit) => whole >= unit.ms);
  const parts: string[] = [];
  let rest = whole;
  for (const unit of units.slice(first, first + 2)) {
    const count = Math.floor(rest / unit.ms);
    rest -= count * unit.ms;
    if (count > 0) parts.push(`${count}${unit[locale]}`);
  }
  return parts.join(" ");
}

/** An instant on the wall clock of a zone, with its offset: 2026년 11월 21일 18:05:09 (UTC+09:00). */
export function timeText(at: number, locale: Locale, zone: string): string {
  const local = wallClock(at, zone);
  if (local === undefined) return String(at);
  const { hour, minute, second, offset } = local;
  return `${dateOf(local, locale)} ${two(hour)}:${two(minute)}:${two(second)} (UTC${offset})`;
}

export function dateText(at: number, locale: Locale, zone: string): string {
  const local = wallClock(at, zone);
  return local === undefined ? String(at) : dateOf(local, locale);
}

interface WallClock {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly offset: string;
}

function dateOf({ year, month, day }: WallClock, locale: Locale): string {
  return locale === "ko" ? `${year}년 ${month}월 ${day}일` : `${months[month - 1]} ${day}, ${year}`;
}

function wallClock(at: number, name: string): WallClock | undefined {
  if (!(Math.abs(at) <= latest)) return undefined;
  const local = new Date(localAt(findZone(name) ?? zoneOf("UTC"), at));
  const minutes = Math.round((local.getTime() - at) / 60_000);
  const size = Math.abs(minutes);
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    offset: `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`,
  };
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
