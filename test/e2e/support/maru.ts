import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const root = join(import.meta.dirname, "..", "..", "..");
export const sample = join(root, "cli", "samples", "bank-help-desk.jsonl");

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly ended: Promise<Ended>;
  readonly stderr: () => string;
  kill(signal: NodeJS.Signals): void;
}

/** Starts a program of the project as its own process, with nothing of this process's own settings. */
export function start(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  stdin = "",
): Running {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, [join(root, program), ...args], {
    cwd: root,
    env: { PATH, HOME, LANG: "C", ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  child.stdin.on("error", () => {});
  child.stdin.end(stdin);
  return {
    stderr: () => stderr,
    kill: (signal) => {
      child.kill(signal);
    },
    ended: new Promise((resolve) => {
      child.on("close", (code) => resolve({ code: code ?? -1, stdout, stderr }));
    }),
  };
}

/** Somebody at a command line: a tenant of their own and a configuration of their own. */
export interface Person {
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly tenant: string;
  readonly email: string;
  readonly password: string;
  readonly configFile: string;
  maru(
    args: readonly string[],
    more?: { stdin?: string; env?: Readonly<Record<string, string>> },
  ): Promise<Ended>;
  start(args: readonly string[]): Running;
  /** The answer of a command as JSON; throws what the command said when it failed. */
  json<Answer>(args: readonly string[], stdin?: string): Promise<Answer>;
  /** Writes a file into the person's folder; answers its path. */
  write(name: string, text: string): string;
  leave(): void;
}

/** Makes a tenant through `maru bootstrap` and signs its admin in through `maru login`. */
export async function newPerson(endpoint: string, bootstrapToken: string): Promise<Person> {
  const folder = mkdtempSync(join(tmpdir(), "maru-person-"));
  const configFile = join(folder, "config.json");
  const tenant = `t-${randomBytes(5).toString("hex")}`;
  const email = `admin@${tenant}.example`;
  const password = randomBytes(15).toString("base64url");
  const env = { MARU_CONFIG: configFile, MARU_ENDPOINT: endpoint };
  const maru: Person["maru"] = (args, more = {}) =>
    start("cli/bin/maru.js", args, { ...env, ...more.env }, more.stdin).ended;
  const person: Person = {
    env,
    folder,
    tenant,
    email,
    password,
    configFile,
    maru,
    start: (args) => start("cli/bin/maru.js", args, env),
    async json<Answer>(args: readonly string[], stdin?: string): Promise<Answer> {
      const { code, stdout, stderr } = await maru([...args, "--json"], stdin === undefined ? {} : { stdin });
      if (code !== 0) throw new Error(`maru ${args.join(" ")} ended with ${code}: ${stderr}`);
      return JSON.parse(stdout) as Answer;
    },
    write(name, text) {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    },
    leave: () => rmSync(folder, { recursive: true, force: true }),
  };
  const secrets = { MARU_BOOTSTRAP_TOKEN: bootstrapToken, MARU_PASSWORD: password };
  const made = await maru(["bootstrap", "--tenant", tenant, "--email", email], { env: secrets });
  if (made.code !== 0) throw new Error(made.stderr);
  const login = ["login", "--tenant", tenant, "--email", email, "--stdin"];
  const signedIn = await maru(login, { stdin: `${password}\n` });
  if (signedIn.code !== 0) throw new Error(signedIn.stderr);
  return person;
}
