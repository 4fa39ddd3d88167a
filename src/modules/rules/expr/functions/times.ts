import { CelDuration, CelTimestamp } from "../values/time.ts";
import { celTypes } from "../values/type.ts";
import type { CelResult } from "../values/value.ts";
import { type CelFunction, failure, noOverload } from "./function.ts";
import { type LocalParts, localParts } from "./local-parts.ts";

function part(
  name: string,
  read: (at: LocalParts) => number,
  ofSpan?: (span: CelDuration) => number,
): CelFunction {
  return {
    name,
    style: "method",
    arity: [1, 2],
    takes: [
      ofSpan === undefined ? ["timestamp", "dyn"] : ["timestamp", "duration", "dyn"],
      ["string", "dyn"],
    ],
    gives: celTypes.int,
    run: (args, at) => {
      const [target, zone = "UTC"] = args;
      if (target instanceof CelDuration && ofSpan !== undefined && args.length === 1)
        return BigInt(ofSpan(target));
      if (!(target instanceof CelTimestamp) || typeof zone !== "string") return noOverload(name, args, at);
      return readPart(target, zone, read, at);
    },
  };
}

function readPart(
  instant: CelTimestamp,
  zone: string,
  read: (at: LocalParts) => number,
  at: number,
): CelResult {
  const parts = localParts(instant.ms, zone);
  return parts === undefined
    ? failure("conversion", `"${zone.slice(0, 60)}" is not a time zone.`, at)
    : BigInt(read(parts));
}

const wholeSeconds = (span: CelDuration) => span.seconds;

/** The accessors of instants, in UTC or a zone (`Asia/Seoul`, `+09:00`), and of durations. */
export const timeFunctions: readonly CelFunction[] = [
  part("getFullYear", (at) => at.year),
  part("getMonth", (at) => at.month - 1),
  part("getDate", (at) => at.day),
  part("getDayOfMonth", (at) => at.day - 1),
  part("getDayOfWeek", (at) => at.weekday),
  part("getDayOfYear", (at) => at.dayOfYear),
  part(
    "getHours",
    (at) => at.hour,
    (span) => Math.trunc(wholeSeconds(span) / 3600),
  ),
  part(
    "getMinutes",
    (at) => at.minute,
    (span) => Math.trunc(wholeSeconds(span) / 60),
  ),
  part("getSeconds", (at) => at.second, wholeSeconds),
  part(
    "getMilliseconds",
    (at) => at.millisecond,
    (span) => Math.trunc(span.nanos / 1_000_000),
  ),
];
