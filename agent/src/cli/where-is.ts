import { resolve } from "node:path";
import { configFolder } from "../config/load-config.ts";
import type { CommandContext } from "./command.ts";

/** Where agent.yaml is looked for, and the environment with the options that override it. */
export function whereIs({ machine, options }: Pick<CommandContext, "machine" | "options">): {
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
} {
  const state = options.state === undefined ? {} : { MARU_AGENT_STATE: resolve(options.state) };
  return { folder: configFolder(options.config, machine.env), env: { ...machine.env, ...state } };
}
