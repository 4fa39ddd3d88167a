import type { Options } from "./command-line.ts";
import type { Texts } from "./english.ts";

/** What a command works with: nothing of the process is reached but through it. */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  out(text: string): void;
  error(text: string): void;
  /** Calls back at the first SIGTERM or SIGINT. */
  onStop(stop: () => void): void;
}

export interface CommandContext {
  readonly machine: Machine;
  readonly options: Options;
  readonly say: Texts;
}

/** Answers the exit code. */
export type Command = (context: CommandContext) => Promise<number>;
