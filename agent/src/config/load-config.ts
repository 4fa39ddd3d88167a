import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { parse, YAMLParseError } from "yaml";
import { AgentConfig } from "./config.ts";

/** agent.yaml can't be used; the message says where and why. */
export class ConfigError extends Error {}

export interface LoadedConfig {
  readonly config: AgentConfig;
  readonly folder: string;
  readonly file: string;
  readonly stateDir: string;
}

/** The folder of agent.yaml: `--config`, else MARU_AGENT_CONFIG, else the user's own configuration folder. */
export function configFolder(
  asked: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const given = asked ?? env["MARU_AGENT_CONFIG"];
  return resolve(given ?? join(env["XDG_CONFIG_HOME"] || join(homedir(), ".config"), "maru-agent"));
}

/** Reads agent.yaml; without one everything is as by default. @throws ConfigError */
export function loadConfig(folder: string, env: Readonly<Record<string, string | undefined>>): LoadedConfig {
  const file = join(folder, "agent.yaml");
  const parsed = AgentConfig.safeParse(existsSync(file) ? readYaml(file) : {});
  if (!parsed.success) {
    const issues = parsed.error.issues.map(
      ({ path, message }) => `${path.join(".") || "agent.yaml"}: ${message}`,
    );
    throw new ConfigError(`${file} is not right:\n  ${issues.join("\n  ")}`);
  }
  const config = parsed.data;
  const stateDir = env["MARU_AGENT_STATE"] ?? config.stateDir ?? "state";
  return { config, folder, file, stateDir: isAbsolute(stateDir) ? stateDir : join(folder, stateDir) };
}

function readYaml(file: string): unknown {
  try {
    return parse(readFileSync(file, "utf8")) ?? {};
  } catch (error) {
    const what = error instanceof YAMLParseError || error instanceof Error ? error.message : String(error);
    throw new ConfigError(`${file} can't be read: ${what}`);
  }
}
