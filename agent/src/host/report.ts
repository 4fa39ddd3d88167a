import { createHash } from "node:crypto";
import { arch, hostname, platform, release } from "node:os";
import type { AgentReport } from "../../../contracts/relay/hello.ts";
import type { AgentConfig } from "../config/config.ts";
import type { Driver } from "../drivers/driver.ts";
import { canonical, type LogHead } from "../log/chain.rules.ts";
import { version } from "../version.ts";

/** What every report says of the machine. */
export function describeMachine(): Pick<AgentReport, "version" | "platform" | "hostname"> {
  return {
    version,
    platform: `${platform()}-${arch()} ${release()}, Node ${process.versions.node}`.slice(0, 100),
    hostname: hostname().slice(0, 253),
  };
}

/** Keeps what is known of the drivers, and makes the agent's report of it. */
export class Reporter {
  readonly #config: AgentConfig;
  readonly #drivers: readonly Driver[];
  readonly #log: { head(): LogHead };
  #found = new Map<string, { reachable: boolean; detail: string }>();

  constructor(config: AgentConfig, drivers: readonly Driver[], log: { head(): LogHead }) {
    this.#config = config;
    this.#drivers = drivers;
    this.#log = log;
  }

  /** Asks every driver; whether any of them changed. */
  async look(): Promise<boolean> {
    const found = await Promise.all(
      this.#drivers.map(async (driver) => [driver.name, await driver.check()] as const),
    );
    const changed = found.some(([name, { reachable }]) => this.#found.get(name)?.reachable !== reachable);
    this.#found = new Map(found);
    return changed;
  }

  report(): AgentReport {
    return {
      ...describeMachine(),
      readOnly: this.#config.policy.readOnly,
      drivers: this.#drivers.slice(0, 50).map(({ name }) => {
        const { reachable = false, detail = "not looked at yet" } = this.#found.get(name) ?? {};
        return { name: name.slice(0, 80), reachable, detail: detail.slice(0, 500) };
      }),
      policySha256: createHash("sha256").update(canonical(this.#config.policy)).digest("hex"),
      log: this.#log.head(),
    };
  }
}
