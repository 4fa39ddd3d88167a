import type { Log, LogLevel } from "../kernel/context.ts";

const levels: Readonly<Record<LogLevel, number>> = { debug: 10, info: 20, warn: 30, error: 40 };
const secretName = /authorization|cookie|password|secret|token|api_?key|private|credential/i;
const secretText =
  /\b(?:maru_[a-z]+_[\w-]{8,}|sk-[\w-]{8,}|Bearer\s+[\w.~+/-]+=*|eyJ[\w-]+\.[\w-]+\.[\w-]+)/g;

/** Drizzle writes the values of a failed statement, hashes and addresses among them, into its message. */
const statementValues = /\nparams: [\s\S]*/;

/** Replaces what looks like a secret, by the name of its field or by its form. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return value.replace(secretText, "[redacted]");
  if (value === null || typeof value !== "object") return value;
  if (depth > 6) return "[deep]";
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Error) {
    const message = value.message.replace(statementValues, "");
    return {
      name: value.name,
      message: redact(message),
      stack: redact((value.stack ?? "").replace(value.message, () => message)),
      ...(value.cause === undefined ? {} : { cause: redact(value.cause, depth + 1) }),
    };
  }
  if (Array.isArray(value)) return value.slice(0, 100).map((item) => redact(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      secretName.test(name) && typeof member !== "number" && typeof member !== "boolean"
        ? "[redacted]"
        : redact(member, depth + 1),
    ]),
  );
}

/** One JSON object a line on the console; `fields` carry tenant, trace, job and run ids. */
export function jsonLog(minimum: LogLevel, fields: Readonly<Record<string, unknown>>): Log {
  return (level, message, more) => {
    if (levels[level] < levels[minimum]) return;
    const line = JSON.stringify({
      time: new Date().toISOString(),
      level,
      message: redact(message),
      ...fields,
      ...(redact(more ?? {}) as object),
    });
    if (level === "error") console.error(line);
    else console.log(line);
  };
}
