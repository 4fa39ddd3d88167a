import { createDrivers } from "../config/create-drivers.ts";
import { FileIdentity, isEnrolled } from "../config/file-identity.ts";
import { ConfigError, type LoadedConfig, loadConfig } from "../config/load-config.ts";
import type { Check } from "../doctor/check.ts";
import { checkCluster, checkDrivers } from "../doctor/check-cluster.ts";
import { checkMachine } from "../doctor/check-machine.ts";
import { checkMaru } from "../doctor/check-maru.ts";
import { AccessError } from "../drivers/kubernetes/kubeconfig.ts";
import { nodeDial } from "../host/node-dial.ts";
import type { Command, CommandContext } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { whereIs } from "./where-is.ts";

/** `maru-agent doctor`: what works, what doesn't, and what to do about it. */
export const doctor: Command = async (context) => {
  const { machine, options, say } = context;
  const checks = await examine(context);
  const failed = checks.some(({ result }) => result === "fail");
  if (options.json) machine.out(`${JSON.stringify({ ok: !failed, checks }, null, 2)}\n`);
  else {
    for (const { result, title, detail, next } of checks) {
      machine.out(`${result.padEnd(5)} ${title}: ${detail}\n`);
      if (next !== undefined) machine.out(`      ${say.next}: ${next}\n`);
    }
  }
  return failed ? exitCodes.failed : exitCodes.ok;
};

async function examine(context: CommandContext): Promise<readonly Check[]> {
  const { say } = context;
  const { folder, env } = whereIs(context);
  let loaded: LoadedConfig;
  try {
    loaded = loadConfig(folder, env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [{ id: "config", title: say.checks.config, result: "fail", detail: error.message }];
  }
  const checks = [...checkMachine(loaded, say)];
  if (isEnrolled(loaded.stateDir)) {
    const { connectUrl } = new FileIdentity(loaded.stateDir).identity();
    checks.push(...(await checkMaru(connectUrl, nodeDial, say)));
  }
  return [...checks, ...(await examineDrivers(loaded, context))];
}

async function examineDrivers(loaded: LoadedConfig, context: CommandContext): Promise<readonly Check[]> {
  const { say } = context;
  try {
    const { all, kubernetes } = createDrivers(loaded, whereIs(context).env);
    const found = [...(await checkCluster(kubernetes, say)), ...(await checkDrivers(all.values(), say))];
    await Promise.all([...all.values()].map((driver) => driver.close()));
    return found;
  } catch (error) {
    if (!(error instanceof AccessError)) throw error;
    return [
      {
        id: "cluster",
        title: say.checks.cluster,
        result: "fail",
        detail: error.message,
        next: say.noClusterNext,
      },
    ];
  }
}
