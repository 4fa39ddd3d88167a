export const logLevels = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof logLevels)[number];

/** Structured log of what the agent does, for whoever runs it. Fields never hold bodies, headers or keys. */
export type Logger = (level: LogLevel, event: string, fields?: Readonly<Record<string, unknown>>) => void;

/** JSON lines, from a level on. */
export function jsonLogger(least: LogLevel, write: (line: string) => void, now: () => number): Logger {
  const from = logLevels.indexOf(least);
  return (level, event, fields = {}) => {
    if (logLevels.indexOf(level) < from) return;
    write(`${JSON.stringify({ at: new Date(now()).toISOString(), level, event, ...fields })}\n`);
  };
}
