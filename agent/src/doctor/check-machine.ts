import { existsSync, statfsSync } from "node:fs";
import { join } from "node:path";
import type { Texts } from "../cli/english.ts";
import { keyFile, keyFileMode } from "../config/file-identity.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import { verifyLog } from "../log/chained-log.ts";
import type { Check } from "./check.ts";

const littleMebibytes = 500;
const tooLittleMebibytes = 50;

/** The agent's own files. */
export function checkMachine(loaded: LoadedConfig, say: Texts): readonly Check[] {
  return [checkConfig(loaded, say), ...checkKey(loaded, say), checkDisk(loaded, say), checkLog(loaded, say)];
}

function checkConfig({ file, config }: LoadedConfig, say: Texts): Check {
  const check = { id: "config", title: say.checks.config };
  if (!existsSync(file)) return { ...check, result: "warn", detail: say.configDefault(file) };
  return { ...check, result: "ok", detail: say.configFine(file, config.policy.readOnly) };
}

function checkKey({ stateDir }: LoadedConfig, say: Texts): readonly Check[] {
  const check = { id: "key", title: say.checks.key };
  const mode = keyFileMode(stateDir);
  if (mode === undefined)
    return [{ ...check, result: "fail", detail: say.notEnrolled(stateDir), next: say.enrollNext }];
  const shown = mode.toString(8).padStart(3, "0");
  if ((mode & 0o077) === 0) return [{ ...check, result: "ok", detail: say.keyFine(shown) }];
  return [{ ...check, result: "fail", detail: say.keyOpen(shown), next: say.keyOpenNext(keyFile(stateDir)) }];
}

function checkDisk({ stateDir, folder }: LoadedConfig, say: Texts): Check {
  const check = { id: "disk", title: say.checks.disk };
  try {
    const { bavail, bsize } = statfsSync(existsSync(stateDir) ? stateDir : folder);
    const free = Math.floor((bavail * bsize) / 1024 ** 2);
    const detail = say.diskFine(free);
    if (free < tooLittleMebibytes) return { ...check, result: "fail", detail, next: say.diskNext };
    return free < littleMebibytes
      ? { ...check, result: "warn", detail, next: say.diskNext }
      : { ...check, result: "ok", detail };
  } catch (error) {
    return { ...check, result: "warn", detail: error instanceof Error ? error.message : String(error) };
  }
}

function checkLog({ stateDir }: LoadedConfig, say: Texts): Check {
  const check = { id: "log", title: say.checks.log };
  const { check: chain, lines, file = "" } = verifyLog(join(stateDir, "log"));
  if (!chain.ok) {
    const detail = say.logBroken(chain.seq, say.reasons[chain.reason], file);
    return { ...check, result: "fail", detail, next: say.logBrokenNext };
  }
  return { ...check, result: "ok", detail: lines === 0 ? say.logEmpty : say.logFine(lines, chain.head.seq) };
}
