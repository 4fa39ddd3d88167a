import type { Command } from "../../../contracts/relay/command.ts";
import { parsePath, UnsafePath } from "../policy/path.rules.ts";
import type { Driver, DriverAnswer, DriverCall, Permission } from "./driver.ts";

/** Where Harvester's monitoring add-on is, behind the cluster's API. */
export const monitoringPath =
  "/api/v1/namespaces/cattle-monitoring-system/services/http:rancher-monitoring-prometheus:9090/proxy";

const questions =
  /^\/api\/v1\/(?:query|query_range|query_exemplars|series|labels|label\/[^/]+\/values|metadata|targets|rules|alerts|status\/buildinfo)$/;

/** Prometheus: its questions only, no administration; at its own address, or through the cluster's API. */
export class PrometheusDriver implements Driver {
  readonly name = "prometheus";
  readonly #through: Driver;
  readonly #prefix: string;

  constructor(through: Driver, prefix: string) {
    this.#through = through;
    this.#prefix = prefix;
  }

  judge(command: Command): Permission {
    if (command.verb !== "GET") return refuse("Prometheus is asked by GET only.");
    try {
      const path = `/${parsePath(command.path).segments.join("/")}`;
      if (!questions.test(path)) return refuse(`The agent lets no ${path} through to Prometheus.`);
    } catch (error) {
      if (error instanceof UnsafePath) return refuse(error.message);
      throw error;
    }
    return this.#through.judge(this.#moved(command));
  }

  call(call: DriverCall): Promise<DriverAnswer> {
    return this.#through.call({ ...call, command: this.#moved(call.command) });
  }

  #moved(command: Command): Command {
    return { ...command, path: this.#prefix + command.path };
  }

  async check(): Promise<{ reachable: boolean; detail: string }> {
    const command = { verb: "GET", path: "/api/v1/status/buildinfo", headers: {} } as Command;
    try {
      const answer = await this.call({
        command,
        body: undefined,
        streams: false,
        signal: AbortSignal.timeout(5000),
      });
      answer.body.cancel();
      const detail = `Prometheus answered ${answer.status}.`;
      return { reachable: answer.status === 200, detail };
    } catch (error) {
      return { reachable: false, detail: error instanceof Error ? error.message : String(error) };
    }
  }

  async close(): Promise<void> {}
}

function refuse(detail: string): Permission {
  return { allowed: false, code: "policy_refused", detail };
}
