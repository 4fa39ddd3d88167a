import { createDrivers } from "../config/create-drivers.ts";
import { isEnrolled } from "../config/file-identity.ts";
import { loadConfig } from "../config/load-config.ts";
import type { Ending } from "../core/agent-link.ts";
import { nodeClock } from "../host/node-clock.ts";
import { nodeDial } from "../host/node-dial.ts";
import { runAgent } from "../host/run-agent.ts";
import { jsonLogger } from "../log/logger.ts";
import type { Command, CommandContext } from "./command.ts";
import { enrollNow, readUrl } from "./enroll-command.ts";
import { exitCodes } from "./exit-codes.ts";
import { whereIs } from "./where-is.ts";

/** `maru-agent run`: until it is told to stop, or somebody has to do something. */
export const run: Command = async (context) => {
  const { machine, say } = context;
  const { folder, env } = whereIs(context);
  const loaded = loadConfig(folder, env);
  if (!isEnrolled(loaded.stateDir)) {
    const code = await enrollFromEnvironment(context, loaded);
    if (code !== exitCodes.ok) return code;
  }
  const logger = jsonLogger(loaded.config.log.level, machine.out, nodeClock.now);
  const drivers = createDrivers(loaded, env);
  const agent = runAgent({ loaded, drivers, clock: nodeClock, dial: nodeDial, logger });
  machine.onStop(() => {
    logger("info", "agent drains");
    void agent.drain();
  });
  const ending = await agent.ended;
  logger(ending.kind === "stopped" ? "info" : "error", "agent ends", {
    kind: ending.kind,
    detail: ending.detail,
  });
  machine.error(`maru-agent: ${explain(ending, context)}\n`);
  const isFinal = ending.kind === "revoked" || ending.kind === "removed" || ending.kind === "unauthenticated";
  if (isFinal) machine.error(`${say.next}: ${say.enrollAgain}\n`);
  return codes[ending.kind];
};

const codes: Readonly<Record<Ending["kind"], number>> = {
  stopped: exitCodes.ok,
  watchdog: exitCodes.failed,
  incompatible: exitCodes.incompatible,
  revoked: exitCodes.revoked,
  removed: exitCodes.revoked,
  replaced: exitCodes.replaced,
  unauthenticated: exitCodes.unauthenticated,
};

function explain({ kind, detail }: Ending, { say }: CommandContext): string {
  return say[kind](detail);
}

// A pod has nobody to type `enroll`: the token comes as a Secret, and is of no use after the first start.
async function enrollFromEnvironment(
  context: CommandContext,
  loaded: ReturnType<typeof loadConfig>,
): Promise<number> {
  const { machine, say } = context;
  const token = machine.env["MARU_ENROLMENT_TOKEN"];
  if (token === undefined || token === "") {
    machine.error(`${say.notEnrolled(loaded.stateDir)}\n${say.next}: ${say.enrollNext}\n`);
    return exitCodes.notEnrolled;
  }
  return enrollNow(context, loaded, readUrl(machine.env["MARU_URL"], context), token);
}
