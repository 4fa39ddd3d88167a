import {
  type AgentReport,
  type Challenge,
  Hello,
  helloText,
  RelayMessage,
  type Welcome,
} from "../../../contracts/relay/hello.ts";
import { LinkEnd } from "../../../contracts/relay/link-end.ts";
import { closeCodes, keepAlive, protocol } from "../../../contracts/relay/protocol.ts";
import type { Logger } from "../log/logger.ts";
import type { Calls } from "./calls.ts";
import type { Clock } from "./clock.ts";
import { endingOfClose, endingOfRefusal, type LinkEnding, replyTo } from "./greeting.rules.ts";
import type { IdentityStore } from "./identity.ts";
import { startKeepAlive } from "./keep-alive.ts";
import { KeyKeeper } from "./key-keeper.ts";
import type { Pushes } from "./pushes.ts";
import { reconnectDelayMs, shouldGiveUp } from "./reconnect.rules.ts";
import type { Dial, RelaySocket } from "./socket.ts";

export interface AgentLinkOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly identity: IdentityStore;
  /** 32 hexadecimal digits, the same as long as the process lives. */
  readonly session: string;
  readonly dial: Dial;
  readonly calls: Calls;
  readonly pushes: Pushes;
  report(): AgentReport;
  /** The measured difference of the clocks, for checking commands. */
  setOffset(offsetMs: number): void;
  /** `fresh`: the relay knows nothing of this agent's inventory. */
  onRole(role: "active" | "standby", fresh: boolean): void;
  /** The link stands, or not any more. */
  onLink(stands: boolean): void;
}

/** Why `run` came back. */
export type Ending =
  | Exclude<LinkEnding, { kind: "lost" }>
  | { readonly kind: "stopped" | "watchdog"; readonly detail: string };

/** After so long without a link what was in flight is not waited for any more. */
const forgetMs = 60_000;

/** Keeps one link to the relay: dials, proves the key, carries frames, and dials again. */
export class AgentLink {
  readonly #options: AgentLinkOptions;
  #end: LinkEnd;
  #socket: RelaySocket | undefined;
  #stands = false;
  #failures = 0;
  #lostAt: number;
  #role: "active" | "standby" = "standby";
  #stopping: (() => void) | undefined;
  #isOver = false;
  readonly #keys: KeyKeeper;

  constructor(options: AgentLinkOptions) {
    this.#options = options;
    this.#lostAt = options.clock.now();
    this.#end = this.#newEnd();
    this.#keys = new KeyKeeper(options.identity, options.logger, options.clock);
  }

  get stands(): boolean {
    return this.#stands;
  }

  /** Runs until the agent may not go on: revoked, removed, incompatible, replaced, stopped, or the watchdog. */
  async run(): Promise<Ending> {
    const stopped = new Promise<Ending>((resolve) => {
      this.#stopping = () => resolve({ kind: "stopped", detail: "The agent was asked to stop." });
    });
    const ending = await Promise.race([stopped, this.#cycles()]);
    this.#isOver = true;
    this.#socket?.close(1001, "the agent stops");
    this.#end.fail();
    return ending;
  }

  /** Lets `run` come back. */
  stop(): void {
    this.#stopping?.();
  }

  async #cycles(): Promise<Ending> {
    const { clock, logger } = this.#options;
    for (;;) {
      const ending = await this.#cycle().catch((error: unknown): LinkEnding => {
        return { kind: "lost", detail: error instanceof Error ? error.message : String(error) };
      });
      if (ending.kind === "unauthenticated" && this.#keys.tryNext()) continue;
      if (ending.kind !== "lost") return ending;
      if (this.#isOver) return { kind: "stopped", detail: ending.detail };
      this.#failures++;
      const now = clock.now();
      if (shouldGiveUp({ failures: this.#failures, lostAt: this.#lostAt, now })) {
        return { kind: "watchdog", detail: `No link after ${this.#failures} attempts: ${ending.detail}` };
      }
      if (now - this.#lostAt > forgetMs && this.#end.open > 0) this.#forget();
      const waitMs = reconnectDelayMs(this.#failures, clock.random());
      logger("warn", "link lost", { detail: ending.detail, attempt: this.#failures, againInMs: waitMs });
      await new Promise<void>((resolve) => clock.later(resolve, waitMs));
      if (this.#isOver) return { kind: "stopped", detail: "" };
    }
  }

  #forget(): void {
    this.#end.fail();
    this.#end = this.#newEnd();
  }

  #newEnd(): LinkEnd {
    const { clock, calls, pushes } = this.#options;
    return new LinkEnd({
      side: "agent",
      write: (bytes) => {
        if (this.#stands) this.#socket?.send(bytes);
      },
      opened: (stream, frame) => calls.opened(stream, frame),
      told: (frame) => pushes.stored(frame),
      later: (work, ms) => void clock.later(work, ms),
      began: () => this.#begun(true),
    });
  }

  /** One connection from dialling to its end. */
  async #cycle(): Promise<LinkEnding> {
    const { identity, dial } = this.#options;
    const ended = Promise.withResolvers<LinkEnding>();
    const greeting = new Greeting();
    let lastHeard = this.#options.clock.now();
    // The relay speaks first, and may do so before `dial` has given its socket.
    const given = Promise.withResolvers<void>();
    const hear = (work: () => void): void => {
      lastHeard = this.#options.clock.now();
      if (this.#socket === undefined) void given.promise.then(work);
      else work();
    };
    const socket = await dial(identity.identity().connectUrl, {
      text: (message) =>
        hear(() => message !== keepAlive.pong && this.#text(message, greeting, ended.resolve)),
      bytes: (bytes) => hear(() => this.#bytes(bytes, ended.resolve)),
      closed: (code, reason) => ended.resolve(endingOfClose(code, reason)),
    });
    this.#socket = socket;
    given.resolve();
    const stopKeepAlive = startKeepAlive({
      clock: this.#options.clock,
      lastHeard: () => lastHeard,
      stands: () => this.#stands,
      ping: () => socket.send(keepAlive.ping),
      report: () => this.sendReport(),
      end: (detail) => {
        socket.close(closeCodes.lost, "silent");
        ended.resolve({ kind: "lost", detail });
      },
    });
    try {
      return await ended.promise;
    } finally {
      stopKeepAlive();
      this.#unlink(socket);
    }
  }

  #unlink(socket: RelaySocket): void {
    const stood = this.#stands;
    this.#stands = false;
    this.#socket = undefined;
    socket.terminate();
    this.#options.pushes.detach();
    if (!stood) return;
    this.#lostAt = this.#options.clock.now();
    this.#options.onLink(false);
  }

  /** Tells the relay how the agent is now. */
  sendReport(): void {
    if (this.#stands) this.#say({ type: "report", report: this.#options.report() });
  }

  #say(message: object): void {
    this.#socket?.send(JSON.stringify(message));
  }

  #bytes(bytes: Uint8Array, end: (ending: LinkEnding) => void): void {
    if (!this.#stands) return;
    try {
      this.#end.receive(bytes);
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      this.#socket?.close(closeCodes.protocolError, detail.slice(0, 100));
      this.#forget();
      end({ kind: "lost", detail: `Maru broke the protocol: ${detail}` });
    }
  }

  #text(text: string, greeting: Greeting, end: (ending: LinkEnding) => void): void {
    let raw: unknown;
    try {
      raw = JSON.parse(text);
    } catch {
      end({ kind: "lost", detail: "Maru sent a message that is no JSON." });
      return;
    }
    const parsed = RelayMessage.safeParse(raw);
    if (!parsed.success) {
      this.#options.logger("warn", "unknown message", { message: parsed.error.issues[0]?.message });
      return;
    }
    const message = parsed.data;
    if (message.type === "challenge") this.#greet(message, greeting, end);
    else if (message.type === "refusal") end(endingOfRefusal(message));
    else if (message.type === "welcome") this.#welcomed(message, greeting, end);
    else if (message.type === "role") this.#setRole(message.role, false);
    else if (message.type === "keys") this.#keys.change((raw as { keys: unknown }).keys, message);
    else if (message.type === "rotated") this.#keys.rotated(message.publicKey);
    else if (this.#stands)
      this.#say({ type: "outcomes", outcomes: this.#options.calls.outcomes(message.ids) });
  }

  #greet(challenge: Challenge, greeting: Greeting, end: (ending: LinkEnding) => void): void {
    if (greeting.challenged) {
      end({ kind: "lost", detail: "Maru challenged twice." });
      return;
    }
    greeting.challenged = true;
    const { identity, clock, setOffset, session } = this.#options;
    const { tenantId, clusterId, agentId } = identity.identity();
    const reply = replyTo(challenge, { tenantId, clusterId, protocol });
    setOffset(challenge.at - clock.now());
    if (reply.kind === "stranger") {
      end({ kind: "lost", detail: reply.detail });
      return;
    }
    const version = reply.kind === "hello" ? reply.version : protocol.version;
    const hello: Hello = {
      type: "hello",
      protocol: version,
      agentId,
      session,
      epoch: this.#end.epoch,
      got: this.#end.got,
      report: this.#options.report(),
      signature: this.#keys.own.sign(helloText(challenge, { agentId, session, protocol: version })),
    };
    // An agent that is too old or too new says hello all the same, so that Maru can say the same to its people.
    this.#say(Hello.parse(hello));
    if (reply.kind === "incompatible") end({ kind: "incompatible", detail: reply.detail });
  }

  #welcomed(welcome: Welcome, greeting: Greeting, end: (ending: LinkEnding) => void): void {
    if (!greeting.challenged || this.#stands) {
      end({ kind: "lost", detail: "Maru welcomed out of turn." });
      return;
    }
    const { clock, logger, onLink } = this.#options;
    this.#keys.accepted();
    this.#stands = true;
    this.#failures = 0;
    this.#role = welcome.role;
    this.#keys.narrow(welcome.keys);
    try {
      if (welcome.resumed) this.#end.resume(welcome.got);
      else this.#end.begin(welcome.epoch, welcome.streams);
    } catch (error) {
      this.#forget();
      end({
        kind: "lost",
        detail: `The link can't go on: ${error instanceof Error ? error.message : ""}`,
      });
      return;
    }
    logger("info", "link stands", { role: welcome.role, resumed: welcome.resumed, epoch: welcome.epoch });
    onLink(true);
    this.#begun(!welcome.resumed);
    if (welcome.rotateBy !== null && welcome.rotateBy <= clock.now()) this.#say(this.#keys.rotate());
  }

  #begun(fresh: boolean): void {
    this.#setRole(this.#role, fresh);
  }

  #setRole(role: "active" | "standby", fresh: boolean): void {
    const changed = role !== this.#role;
    this.#role = role;
    if (role === "active") this.#options.pushes.attach(this.#end, fresh || changed);
    else this.#options.pushes.detach();
    if (changed) this.#options.logger("info", "role", { role });
    this.#options.onRole(role, fresh || changed);
  }
}

class Greeting {
  challenged = false;
}
