import { readFileSync } from "node:fs";
import type { Command } from "../../../contracts/relay/command.ts";
import type { HttpTarget } from "../config/config.ts";
import { formatPath, parsePath, UnsafePath } from "../policy/path.rules.ts";
import { type Driver, type DriverAnswer, type DriverCall, DriverFailure, type Permission } from "./driver.ts";
import { bodyOf, keptHeaders, sentHeaders, Upstream } from "./upstream.ts";

/** A system beside the cluster that the local administrator has named: its base URL, methods and paths are his. */
export class HttpDriver implements Driver {
  readonly name: string;
  readonly #target: HttpTarget;
  readonly #readOnly: boolean;
  readonly #upstream: Upstream;

  constructor(name: string, target: HttpTarget, readOnly: boolean) {
    this.name = name;
    this.#target = target;
    this.#readOnly = readOnly;
    const tls = target.caFile === undefined ? {} : { ca: readFileSync(target.caFile, "utf8") };
    this.#upstream = new Upstream({
      url: new URL(target.url),
      tls,
      caSetting: `caFile of ${name} in agent.yaml`,
    });
  }

  judge(command: Command): Permission {
    const reads = command.verb === "GET" || command.verb === "HEAD";
    if (this.#readOnly && !reads) {
      return {
        allowed: false,
        code: "read_only",
        detail: "The agent is in read-only mode (readOnly in its agent.yaml).",
      };
    }
    if (!this.#target.methods.includes(command.verb)) {
      return refuse(`agent.yaml allows no ${command.verb} to ${this.name}.`);
    }
    try {
      const path = formatPath(parsePath(command.path)).split("?", 1)[0] ?? "";
      const allowed = this.#target.paths.some((prefix) => isUnder(prefix, path));
      if (!allowed) return refuse(`agent.yaml allows no path ${path} of ${this.name}.`);
    } catch (error) {
      if (error instanceof UnsafePath) return refuse(error.message);
      throw error;
    }
    return { allowed: true, maxBodyBytes: this.#target.maxBodyBytes, takesPieces: true };
  }

  async call({ command, body, streams, sink, signal }: DriverCall): Promise<DriverAnswer> {
    const base = this.#upstream.url.pathname.replace(/\/+$/, "");
    const incoming = await this.#upstream.send({
      method: command.verb,
      path: base + formatPath(parsePath(command.path)),
      headers: { ...sentHeaders(command.headers), ...this.#ownHeaders() },
      ...(streams ? { sink } : { body }),
      signal,
    });
    const type = incoming.headers["content-type"] ?? "";
    return {
      status: incoming.statusCode ?? 502,
      headers: keptHeaders(incoming, true),
      body: bodyOf(incoming, (error) => {
        const what = error instanceof Error ? error.message : String(error);
        return new DriverFailure("upstream_broken", `The answer of ${this.name} broke off: ${what}`, "yes");
      }),
      lasts: type.startsWith("text/event-stream"),
    };
  }

  #ownHeaders(): Record<string, string> {
    const own: Record<string, string> = { "user-agent": "maru-agent" };
    for (const [name, value] of Object.entries(this.#target.headers)) {
      own[name.toLowerCase()] = typeof value === "string" ? value : readFileSync(value.file, "utf8").trim();
    }
    return own;
  }

  async check(): Promise<{ reachable: boolean; detail: string }> {
    try {
      const path = new URL(this.#target.check, this.#upstream.url).pathname;
      const incoming = await this.#upstream.send({
        method: "GET",
        path,
        headers: this.#ownHeaders(),
        signal: AbortSignal.timeout(5000),
      });
      incoming.resume();
      return { reachable: true, detail: `${this.#target.url} answered ${incoming.statusCode ?? 0}.` };
    } catch (error) {
      return { reachable: false, detail: error instanceof Error ? error.message : String(error) };
    }
  }

  async close(): Promise<void> {
    this.#upstream.close();
  }
}

function refuse(detail: string): Permission {
  return { allowed: false, code: "policy_refused", detail };
}

function isUnder(prefix: string, path: string): boolean {
  const stem = prefix.replace(/\/+$/, "");
  return stem === "" || path === stem || path.startsWith(`${stem}/`);
}
