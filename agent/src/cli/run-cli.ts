import { NoIdentity } from "../config/file-identity.ts";
import { ConfigError } from "../config/load-config.ts";
import { AccessError } from "../drivers/kubernetes/kubeconfig.ts";
import { version } from "../version.ts";
import type { Command, Machine } from "./command.ts";
import { readCommandLine, textsFor, UsageError } from "./command-line.ts";
import { doctor } from "./doctor-command.ts";
import { enroll } from "./enroll-command.ts";
import { exitCodes } from "./exit-codes.ts";
import { tail, verify } from "./log-command.ts";
import { run } from "./run-command.ts";

const commands: Readonly<Record<string, Command>> = {
  enroll,
  run,
  doctor,
  "log verify": verify,
  "log tail": tail,
};

/** Runs one command line and answers the exit code; never throws. */
export async function runCli(argv: readonly string[], machine: Machine): Promise<number> {
  try {
    const line = readCommandLine(argv, machine.env);
    const { words, options, say } = line;
    if (options.version) {
      machine.out(`${options.json ? JSON.stringify({ version }) : version}\n`);
      return exitCodes.ok;
    }
    if (options.help || words.length === 0) {
      machine[options.help ? "out" : "error"](`${say.help}\n`);
      return options.help ? exitCodes.ok : exitCodes.usage;
    }
    const command = commands[words.join(" ")];
    if (command === undefined) throw new UsageError(say.unknownCommand(words.join(" ")));
    return await command({ machine, options, say });
  } catch (error) {
    if (error instanceof UsageError) {
      machine.error(`maru-agent: ${error.message}\n`);
      return exitCodes.usage;
    }
    const known = error instanceof ConfigError || error instanceof AccessError || error instanceof NoIdentity;
    const what = error instanceof Error ? error.message : String(error);
    machine.error(`maru-agent: ${known ? what : textsFor(machine.env).failed(what)}\n`);
    return known ? exitCodes.usage : exitCodes.internal;
  }
}
