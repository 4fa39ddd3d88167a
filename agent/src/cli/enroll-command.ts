import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { Enrolment, type EnrolmentRequest } from "../../../contracts/relay/hello.ts";
import { protocol } from "../../../contracts/relay/protocol.ts";
import { isEnrolled, keyFile, storeEnrolment } from "../config/file-identity.ts";
import { type LoadedConfig, loadConfig } from "../config/load-config.ts";
import { describeMachine } from "../host/report.ts";
import { newAgentKey } from "../trust/ed25519.ts";
import type { Command, CommandContext } from "./command.ts";
import { UsageError } from "./command-line.ts";
import { exampleConfig } from "./example-config.ts";
import { exitCodes } from "./exit-codes.ts";
import { whereIs } from "./where-is.ts";

/** `maru-agent enroll`: makes a key and lets the one-time token make it this cluster's agent. */
export const enroll: Command = async (context) => {
  const { machine, options, say } = context;
  const url = readUrl(options.url ?? machine.env["MARU_URL"], context);
  const token = options.token ?? machine.env["MARU_ENROLMENT_TOKEN"];
  if (token === undefined || token === "") throw new UsageError(say.needsOption("token"));
  const loaded = loadConfig(whereIs(context).folder, whereIs(context).env);
  if (isEnrolled(loaded.stateDir) && options.force !== true) {
    machine.error(`${say.alreadyEnrolled(loaded.stateDir)}\n`);
    return exitCodes.usage;
  }
  return enrollNow(context, loaded, url, token);
};

/** Enrols without asking whether there is an enrolment already. */
export async function enrollNow(
  { machine, options, say }: CommandContext,
  loaded: LoadedConfig,
  url: URL,
  token: string,
): Promise<number> {
  const key = newAgentKey();
  const request: EnrolmentRequest = {
    token,
    name: options.name ?? machine.env["MARU_AGENT_NAME"] ?? hostname(),
    publicKey: key.publicKey,
    signature: key.sign(`maru-agent-enroll\n${token}\n${key.publicKey}`),
    protocol: protocol.version,
    report: describeMachine(),
  };
  const answer = await post(new URL("/agent/v1/enroll", url), request);
  if (!answer.ok) {
    machine.error(
      `${answer.reached ? say.refusedByMaru(answer.detail) : say.cantReachMaru(answer.detail)}\n`,
    );
    if (answer.reached) machine.error(`${say.next}: ${say.tokenNext}\n`);
    return exitCodes.failed;
  }
  const { agentId, clusterId } = answer.enrolment;
  storeEnrolment(loaded.stateDir, answer.enrolment, key);
  machine.out(`${say.enrolled(agentId, clusterId)}\n${say.keyKept(keyFile(loaded.stateDir))}\n`);
  if (writeExample(loaded)) machine.out(`${say.configWritten(loaded.file)}\n`);
  machine.out(`${say.next}: ${say.doctorNext}\n${say.next}: ${say.runNext}\n`);
  return exitCodes.ok;
}

/** The address of Maru. @throws UsageError */
export function readUrl(text: string | undefined, { say }: CommandContext): URL {
  if (text === undefined || text === "") throw new UsageError(say.needsOption("url"));
  if (!URL.canParse(text)) throw new UsageError(say.badUrl);
  const url = new URL(text);
  const isLocal = ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLocal)) throw new UsageError(say.plainUrl);
  return url;
}

type Answer =
  | { readonly ok: true; readonly enrolment: Enrolment }
  | { readonly ok: false; readonly reached: boolean; readonly detail: string };

async function post(url: URL, body: EnrolmentRequest): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify(body),
      redirect: "error",
      signal: AbortSignal.timeout(30_000),
    });
  } catch (error) {
    const cause =
      error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    return { ok: false, reached: false, detail: cause };
  }
  const text = await response.text();
  if (response.ok) {
    const parsed = Enrolment.safeParse(readJson(text));
    if (parsed.success) return { ok: true, enrolment: parsed.data };
    return { ok: false, reached: true, detail: `${url.origin} is no Maru that enrols agents.` };
  }
  const problem = readJson(text) as { detail?: unknown; code?: unknown } | undefined;
  const said =
    typeof problem?.detail === "string" ? problem.detail : `${url.origin} answered ${response.status}.`;
  const code = typeof problem?.code === "string" ? ` (${problem.code})` : "";
  return { ok: false, reached: true, detail: said + code };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function writeExample({ folder, file }: LoadedConfig): boolean {
  if (existsSync(file)) return false;
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, exampleConfig, { mode: 0o640, flag: "wx" });
    return true;
  } catch {
    // A read-only configuration folder is fine: without a file everything is as by default.
    return false;
  }
}
