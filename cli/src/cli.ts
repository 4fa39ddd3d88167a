import type { Api } from "./client/api.ts";
import type { Transport } from "./client/transport.ts";
import type { Messages } from "./language/english.ts";
import type { Language } from "./language/language.ts";
import type { Output } from "./terminal/output.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** The options that every command takes. */
export interface Globals {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly color: boolean;
  readonly lang: string | undefined;
  readonly endpoint: string | undefined;
  readonly authProfile: string | undefined;
}

/** The machine around a command; tests give their own. */
export interface Machine {
  readonly env: Environment;
  readonly transport: Transport;
  readonly stdout: Screen;
  readonly stderr: Screen;
  /** Whether somebody can be asked. */
  readonly canAsk: boolean;
  ask(question: string, signal?: AbortSignal): Promise<string>;
  askHidden(question: string): Promise<string>;
  readStdin(): Promise<string>;
  /** Calls back at each interrupt until the returned function is called. */
  onInterrupt(handler: () => void): () => void;
}

export interface Screen {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** What a command works with. */
export interface Cli {
  readonly machine: Machine;
  readonly globals: Globals;
  readonly language: Language;
  readonly say: Messages;
  readonly out: Output;
  /** The API that the options, the environment or the stored auth profile name. */
  api(): Promise<Api>;
}
