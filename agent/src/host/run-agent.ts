import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Drivers } from "../config/create-drivers.ts";
import { FileIdentity } from "../config/file-identity.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import { AgentLink, type Ending } from "../core/agent-link.ts";
import { Calls } from "../core/calls.ts";
import type { Clock } from "../core/clock.ts";
import { Pushes } from "../core/pushes.ts";
import type { Dial } from "../core/socket.ts";
import { Inventory } from "../inventory/inventory.ts";
import { Journal } from "../journal/journal.ts";
import { ChainedLog } from "../log/chained-log.ts";
import type { Logger } from "../log/logger.ts";
import { verifyEd25519 } from "../trust/ed25519.ts";
import { version } from "../version.ts";
import { Reporter } from "./report.ts";

export interface AgentSurroundings {
  readonly loaded: LoadedConfig;
  readonly drivers: Drivers;
  readonly clock: Clock;
  readonly dial: Dial;
  readonly logger: Logger;
}

export interface RunningAgent {
  readonly ended: Promise<Ending>;
  /** Lets what is under way come to its end, ten seconds at most, and stops. */
  drain(): Promise<void>;
}

const lookEveryMs = 60_000;
const flushEveryMs = 250;
const pruneEveryMs = 10 * 60_000;
const drainMs = 10_000;
/** What is broken off when the link goes has this long to be written down. */
const settleMs = 1000;

/** Puts the agent together and lets it run. @throws NoIdentity before anything runs */
export function runAgent({ loaded, drivers, clock, dial, logger }: AgentSurroundings): RunningAgent {
  const { config, stateDir } = loaded;
  const identity = new FileIdentity(stateDir);
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  const journal = new Journal(join(stateDir, "journal.sqlite"));
  const log = new ChainedLog(join(stateDir, "log"), clock.now, config.log);
  let offsetMs = 0;
  const calls = new Calls({
    clock,
    drivers: drivers.all,
    journal,
    log,
    logger,
    knowledge: () => {
      const { tenantId, clusterId, keys } = identity.identity();
      return { tenantId, clusterId, keys, offsetMs, verify: verifyEd25519 };
    },
  });
  const pushes = new Pushes();
  const reporter = new Reporter(config, [...drivers.all.values()], log);
  const inventory =
    drivers.kubernetes === undefined || !config.inventory.enabled
      ? undefined
      : new Inventory({
          driver: drivers.kubernetes,
          pushes,
          clock,
          logger,
          namespaces: config.inventory.namespaces,
        });
  const link = new AgentLink({
    clock,
    logger,
    identity,
    session: randomBytes(16).toString("hex"),
    dial,
    calls,
    pushes,
    report: () => reporter.report(),
    setOffset: (ms) => {
      offsetMs = ms;
    },
    onRole: (role, fresh) => inventory?.setRole(role, fresh),
    onLink: (stands) => {
      markReady(config.readyFile, stands);
      // What was found out while the link was being made would otherwise wait for the next change.
      if (stands) link.sendReport();
    },
  });
  log.add("start", { version, pid: process.pid });
  logger("info", "agent starts", {
    version,
    drivers: [...drivers.all.keys()],
    readOnly: config.policy.readOnly,
  });
  const stopChores = startChores({ clock, journal, reporter, link, logger });
  const ended = link.run().finally(async () => {
    stopChores();
    inventory?.stop();
    await waitUntil(clock, () => calls.open === 0, settleMs);
    markReady(config.readyFile, false);
    log.add("stop", {});
    log.close();
    journal.close();
    await Promise.all([...drivers.all.values()].map((driver) => driver.close().catch(() => {})));
  });
  return {
    ended,
    drain: async () => {
      calls.drain();
      await waitUntil(clock, () => calls.finite === 0, drainMs);
      link.stop();
      await ended;
    },
  };
}

async function waitUntil(clock: Clock, isSo: () => boolean, mostMs: number): Promise<void> {
  for (let waited = 0; !isSo() && waited < mostMs; waited += 20) {
    await new Promise<void>((resolve) => clock.later(resolve, 20));
  }
}

function startChores(parts: {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly reporter: Reporter;
  readonly link: AgentLink;
  readonly logger: Logger;
}): () => void {
  const { clock, journal, reporter, link, logger } = parts;
  const stops: (() => void)[] = [];
  const every = (ms: number, work: () => void, at: number): void => {
    const tick = (): void => {
      work();
      stops[at] = clock.later(tick, ms);
    };
    stops[at] = clock.later(tick, ms);
  };
  const look = (): void => {
    reporter.look().then(
      (changed) => {
        if (changed) link.sendReport();
      },
      (error: unknown) => logger("error", "drivers can't be looked at", { detail: String(error) }),
    );
  };
  look();
  every(flushEveryMs, () => journal.flush(), 0);
  every(pruneEveryMs, () => journal.prune(clock.now()), 1);
  every(lookEveryMs, look, 2);
  return () => {
    for (const stop of stops) stop();
  };
}

function markReady(file: string | undefined, ready: boolean): void {
  if (file === undefined) return;
  if (ready) writeFileSync(file, `${process.pid}\n`);
  else rmSync(file, { force: true });
}
