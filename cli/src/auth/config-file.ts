import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import type { Environment } from "../cli.ts";
import { exitCodes } from "../exit-codes.ts";
import { CliError } from "../failure.ts";

export interface StoredSession {
  readonly accessToken: string;
  /** Epoch milliseconds. */
  readonly accessExpiresAt: number;
  readonly refreshToken: string;
}

/** What is kept of one way to sign in; credentials only go to `endpoint`. */
export interface AuthProfile {
  readonly endpoint: string;
  readonly apiKey?: string;
  readonly session?: StoredSession;
  readonly tenant?: string;
  readonly email?: string;
}

export interface ConfigFile {
  readonly current: string;
  readonly profiles: Readonly<Record<string, AuthProfile>>;
}

export const defaultProfile = "default";

/** MARU_CONFIG, or `maru/config.json` in the user's configuration folder. */
export function configPath(env: Environment): string {
  if (env.MARU_CONFIG) return env.MARU_CONFIG;
  const home = env.HOME || homedir();
  const folder =
    env.XDG_CONFIG_HOME || (process.platform === "win32" && env.APPDATA) || join(home, ".config");
  return join(folder, "maru", "config.json");
}

export function readConfig(path: string): ConfigFile {
  if (!existsSync(path)) return { current: defaultProfile, profiles: {} };
  try {
    const found = JSON.parse(readFileSync(path, "utf8")) as Partial<ConfigFile>;
    return { current: found.current ?? defaultProfile, profiles: found.profiles ?? {} };
  } catch {
    throw new CliError(
      exitCodes.usage,
      { en: `${path} is not JSON.`, ko: `${path} 파일이 JSON 형식이 아닙니다.` },
      { en: "Mend it, or remove it and sign in again.", ko: "고치거나, 지우고 다시 로그인하세요." },
    );
  }
}

/** Writes beside the file and renames, so that a reader never sees half of it. Only the user may read it. */
function writeConfig(path: string, config: ConfigFile): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.new`;
  writeFileSync(draft, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
  chmodSync(draft, 0o600);
  renameSync(draft, path);
}

const staleLockMs = 30_000;

/** Runs alone among all processes that use this file. A lock left by a dead process is broken after half a minute. */
export async function withLock<Result>(
  path: string,
  sleep: (ms: number) => Promise<void>,
  work: () => Promise<Result>,
): Promise<Result> {
  const lock = `${path}.lock`;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > staleLockMs) rmSync(lock, { recursive: true, force: true });
    else await sleep(50);
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** Changes one auth profile; undefined removes it. Call under `withLock`. */
export function saveProfile(
  path: string,
  name: string,
  profile: AuthProfile | undefined,
  makeCurrent = false,
): void {
  const { current, profiles } = readConfig(path);
  const { [name]: _, ...others } = profiles;
  writeConfig(path, {
    current: makeCurrent ? name : current,
    profiles: profile === undefined ? others : { ...others, [name]: profile },
  });
}
