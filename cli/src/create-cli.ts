import { chooseAccess } from "./auth/choose-endpoint.ts";
import { configPath, readConfig } from "./auth/config-file.ts";
import { credentialsOf } from "./auth/credentials.ts";
import type { Cli, Globals, Machine } from "./cli.ts";
import { createApi } from "./client/api.ts";
import { english } from "./language/english.ts";
import { korean } from "./language/korean.ts";
import type { Language } from "./language/language.ts";
import { duration } from "./terminal/numbers.ts";
import { createOutput } from "./terminal/output.ts";
import { wantsColour } from "./terminal/paint.ts";

export const dictionaries = { en: english, ko: korean } as const;

/** What a command works with, from the machine it runs on and the options that were typed. */
export function createCli(machine: Machine, globals: Globals, language: Language): Cli {
  const say = dictionaries[language];
  const out = createOutput({
    stdout: machine.stdout,
    stderr: machine.stderr,
    json: globals.json,
    quiet: globals.quiet,
    colour: wantsColour(machine.stdout, machine.env, !globals.color),
  });
  return {
    machine,
    globals,
    language,
    say,
    out,
    async api() {
      const configFile = configPath(machine.env);
      const access = chooseAccess(globals, machine.env, readConfig(configFile));
      return createApi({
        endpoint: access.endpoint,
        transport: machine.transport,
        credentials: credentialsOf(access, configFile, machine.transport),
        language,
        onRetry: ({ ms, why }) => out.note(say.retrying(duration(ms), why)),
      });
    },
  };
}
