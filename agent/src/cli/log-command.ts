import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadConfig } from "../config/load-config.ts";
import { logFiles, verifyLog } from "../log/chained-log.ts";
import type { Command } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { whereIs } from "./where-is.ts";

/** `maru-agent log verify`. */
export const verify: Command = async (context) => {
  const { machine, options, say } = context;
  const { folder, env } = whereIs(context);
  const { check, lines, file = "" } = verifyLog(join(loadConfig(folder, env).stateDir, "log"));
  if (options.json) {
    machine.out(`${JSON.stringify({ ...check, lines, ...(check.ok ? {} : { file }) })}\n`);
    return check.ok ? exitCodes.ok : exitCodes.logBroken;
  }
  if (check.ok) {
    machine.out(`${lines === 0 ? say.logEmpty : say.logFine(lines, check.head.seq)}\n`);
    return exitCodes.ok;
  }
  machine.error(
    `${say.logBroken(check.seq, say.reasons[check.reason], file)}\n${say.next}: ${say.logBrokenNext}\n`,
  );
  return exitCodes.logBroken;
};

/** `maru-agent log tail`. */
export const tail: Command = async (context) => {
  const { machine, options, say } = context;
  const { folder, env } = whereIs(context);
  const wanted = Math.max(1, Number.parseInt(options.lines ?? "20", 10) || 20);
  const lines: string[] = [];
  for (const file of [...logFiles(join(loadConfig(folder, env).stateDir, "log"))].reverse()) {
    if (lines.length >= wanted) break;
    lines.unshift(...readFileSync(file, "utf8").split("\n").filter(Boolean));
  }
  if (lines.length === 0 && options.json !== true) machine.error(`${say.logEmpty}\n`);
  for (const line of lines.slice(-wanted)) machine.out(`${line}\n`);
  return exitCodes.ok;
};
