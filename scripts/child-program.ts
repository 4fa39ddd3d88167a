import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** A program of this project that runs beside the Worker and ends with this process, however that ends. */
export interface ChildProgram {
  readonly logFile: string;
  /** Its exit code; -1 when a signal ended it. */
  readonly ended: Promise<number>;
  /** Asks it to end, and after three seconds sees to it. */
  stop(): Promise<void>;
}

const root = join(import.meta.dirname, "..");
const endWithParent = pathToFileURL(join(import.meta.dirname, "end-with-parent.ts")).href;
const hasGroups = process.platform !== "win32";
const patienceMs = 3_000;

/** Starts `node program args…`; what it prints replaces `logFile`. */
export function startProgram(program: string, args: readonly string[], logFile: string): ChildProgram {
  const log = openSync(logFile, "w", 0o600);
  const child = spawn(process.execPath, ["--import", endWithParent, join(root, program), ...args], {
    cwd: root,
    stdio: ["ignore", log, log, "ipc"],
    detached: hasGroups,
  });
  closeSync(log);
  const ended = new Promise<number>((resolve) => {
    child.once("exit", (code) => resolve(code ?? -1));
    child.once("error", () => resolve(-1));
  });
  const kill = () => end(child, "SIGKILL");
  process.once("exit", kill);
  void ended.then(() => process.off("exit", kill));
  return {
    logFile,
    ended,
    async stop() {
      end(child, "SIGTERM");
      const hurry = setTimeout(kill, patienceMs);
      await ended;
      clearTimeout(hurry);
    },
  };
}

function end({ pid, exitCode, signalCode }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(hasGroups ? -pid : pid, signal);
  } catch {}
}
