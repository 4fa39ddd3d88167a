import type { Command, StreamFailure } from "../../../contracts/relay/command.ts";
import { signatureBytes } from "../../../contracts/relay/command.ts";
import { type Frame, frameTypes, packHead, unpackHead } from "../../../contracts/relay/frame.ts";
import type { LinkStream } from "../../../contracts/relay/link-stream.ts";
import { type Driver, type DriverCall, DriverFailure } from "../drivers/driver.ts";
import type { Journal, KeptResult, Outcome } from "../journal/journal.ts";
import type { ChainedLog } from "../log/chained-log.ts";
import type { Logger } from "../log/logger.ts";
import { skewMs } from "../trust/trusted-keys.rules.ts";
import { type Knowledge, verifyCommand } from "../trust/verify-command.rules.ts";
import type { Clock } from "./clock.ts";
import { IncomingBody } from "./incoming-body.ts";
import type { PieceQueue } from "./request-body.ts";
import { sendAnswer } from "./send-answer.ts";
import { carrySocket } from "./sockets.ts";

/** What commands need of the agent around them. */
export interface CallsContext {
  readonly clock: Clock;
  readonly drivers: ReadonlyMap<string, Driver>;
  readonly journal: Journal;
  readonly log: ChainedLog;
  readonly logger: Logger;
  /** What is known now to check a command by. */
  knowledge(): Omit<Knowledge, "now" | "hasSeen">;
}

interface Running {
  readonly command: Command;
  readonly writes: boolean;
  readonly startedAt: number;
  readonly abort: AbortController;
  /** A console or a watch: it has no end that could be waited for. */
  lasts: boolean;
}

/** The commands that come over the link: checked, run once, answered, written down. */
export class Calls {
  readonly #context: CallsContext;
  readonly #running = new Map<string, Running>();
  #draining = false;

  constructor(context: CallsContext) {
    this.#context = context;
  }

  /** Commands under way. */
  get open(): number {
    return this.#running.size;
  }

  /** Those that will come to an end by themselves. */
  get finite(): number {
    return [...this.#running.values()].filter(({ lasts }) => !lasts).length;
  }

  /** Takes no more commands; those under way go on. */
  drain(): void {
    this.#draining = true;
  }

  outcomes(ids: readonly string[]): readonly Outcome[] {
    return this.#context.journal.outcomes(ids, new Set(this.#running.keys()));
  }

  /** A stream that the relay opened. */
  opened(stream: LinkStream, frame: Frame): void {
    const inert = { take: () => {}, ended: () => {} };
    stream.taker = inert;
    const checked = this.#check(frame);
    if ("failure" in checked) {
      this.#refuse(stream, checked.failure, checked.about);
      return;
    }
    const { command, rest } = checked;
    const driver = this.#context.drivers.get(command.driver);
    if (driver === undefined) {
      const detail = `The agent has no driver "${command.driver}"; its agent.yaml names: ${[...this.#context.drivers.keys()].join(", ")}.`;
      this.#refuse(stream, { code: "driver_unknown", detail, ran: "no" }, command);
      return;
    }
    const permission = driver.judge(command);
    if (!permission.allowed) {
      this.#refuse(stream, { code: permission.code, detail: permission.detail, ran: "no" }, command);
      return;
    }
    if (command.bodySha256 === "stream" && !permission.takesPieces) {
      const detail = "The agent looks into this body before it goes on: it has to be hashed, not streamed.";
      this.#refuse(stream, { code: "policy_refused", detail, ran: "no" }, command);
      return;
    }
    const run = this.#begin(command, frame.type);
    if (frame.type === frameTypes.WS_OPEN) {
      void this.#carry(stream, driver, run);
      return;
    }
    let begun = false;
    const fail = (error: unknown): void => this.#fail(stream, run, error);
    new IncomingBody(stream, command, rest, permission.maxBodyBytes, run.abort, {
      whole: (body) => {
        const refusal = body === undefined ? undefined : permission.checkBody?.(body);
        if (refusal !== undefined) return fail(new DriverFailure("policy_refused", refusal));
        begun = true;
        this.#run(stream, driver, run, { body, streams: false }).catch(fail);
      },
      pieces: (pieces) => {
        begun = true;
        this.#run(stream, driver, run, { pieces, streams: true }).catch(fail);
      },
      fail,
      gone: (failure) => {
        if (!begun) fail(new DriverFailure("cancelled", failure.message, "no"));
      },
    });
  }

  #check(frame: Frame): { command: Command; rest: Uint8Array } | { failure: StreamFailure; about?: Command } {
    const { clock, journal } = this.#context;
    try {
      const { bytes, head, rest } = unpackHead(frame.payload);
      if (rest.byteLength < signatureBytes) throw new RangeError("a command without a signature");
      const verified = verifyCommand(bytes, head, rest.subarray(0, signatureBytes), {
        ...this.#context.knowledge(),
        now: clock.now(),
        hasSeen: (nonce) => journal.hasSeen(nonce),
      });
      if (!verified.ok) return { failure: { code: verified.code, detail: verified.detail, ran: "no" } };
      const { command } = verified;
      journal.see(command.nonce, command.expiresAt + 2 * skewMs);
      if (this.#draining) {
        return {
          failure: { code: "overloaded", detail: "The agent is stopping.", ran: "no" },
          about: command,
        };
      }
      return { command, rest: rest.subarray(signatureBytes) };
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      return { failure: { code: "protocol", detail, ran: "no" } };
    }
  }

  #begin(command: Command, type: number): Running {
    const reads = command.verb === "GET" || command.verb === "HEAD";
    const run: Running = {
      command,
      writes: !reads || type === frameTypes.WS_OPEN,
      startedAt: this.#context.clock.now(),
      abort: new AbortController(),
      lasts: type === frameTypes.WS_OPEN,
    };
    this.#running.set(command.id, run);
    return run;
  }

  async #carry(stream: LinkStream, driver: Driver, run: Running): Promise<void> {
    const { log, clock } = this.#context;
    log.add("socket", about(run.command));
    log.flush();
    try {
      const end = await carrySocket(stream, driver, run.command, run.abort);
      log.add("socket_closed", { id: run.command.id, code: end.code, ms: clock.now() - run.startedAt });
      this.#running.delete(run.command.id);
    } catch (error) {
      this.#fail(stream, run, error);
    }
  }

  async #run(
    stream: LinkStream,
    driver: Driver,
    run: Running,
    body: { body?: Uint8Array | undefined; pieces?: PieceQueue; streams: boolean },
  ): Promise<void> {
    const { clock, log, journal } = this.#context;
    const { command } = run;
    if (run.writes) {
      const begun = journal.begin(command, command.expiresAt + 2 * skewMs, clock.now());
      if (begun.as === "repeat") return this.#repeat(stream, run, begun.result);
      if (begun.as !== "first")
        throw new DriverFailure("replayed", unfinished(begun.as, begun.commandId), "unknown");
      log.add("begin", about(command));
      log.flush(true);
    }
    const stopTimer = this.#deadline(run, body.pieces);
    const call: DriverCall = {
      command,
      body: body.body,
      streams: body.streams,
      signal: run.abort.signal,
      ...(body.pieces === undefined
        ? {}
        : { sink: (sink) => void body.pieces?.drainInto(sink, () => stopTimer.begin()) }),
    };
    const answer = await driver.call(call).finally(() => stopTimer.stop());
    run.abort.signal.addEventListener("abort", () => answer.body.cancel(), { once: true });
    run.lasts = answer.lasts;
    const sent = await sendAnswer(stream, answer, clock, run.writes);
    this.#running.delete(command.id);
    if (run.writes) journal.finish(command.id, sent.head, sent.body);
    const ms = clock.now() - run.startedAt;
    const broken = sent.broken === undefined ? {} : { broken: sent.broken };
    const end = { status: answer.status, bytes: sent.bytes, ms, ...broken };
    log.add(
      run.writes ? "end" : "read",
      run.writes ? { id: command.id, ...end } : { ...about(command), ...end },
    );
    this.#context.logger("debug", "call", { id: command.id, operation: command.operation, ...end });
  }

  /** The caller's patience begins when the body is in, and ends with the head of the answer. */
  #deadline(run: Running, pieces: PieceQueue | undefined): { begin(): void; stop(): void } {
    const { clock } = this.#context;
    let cancel = (): void => {};
    const begin = (): void => {
      cancel = clock.later(() => {
        const detail = `No answer came within ${run.command.deadlineMs} ms.`;
        run.abort.abort(new DriverFailure("upstream_timeout", detail, "unknown"));
      }, run.command.deadlineMs);
    };
    if (pieces === undefined) begin();
    return { begin, stop: () => cancel() };
  }

  #repeat(stream: LinkStream, run: Running, { commandId, head, body }: KeptResult): void {
    this.#running.delete(run.command.id);
    this.#context.log.add("repeat", { id: run.command.id, of: commandId, status: head.status });
    stream.finish(frameTypes.RES_FULL, packHead({ ...head, repeated: true }, body));
  }

  #fail(stream: LinkStream, run: Running, error: unknown): void {
    const { journal, clock } = this.#context;
    if (!this.#running.delete(run.command.id)) return;
    const failure = failureOf(error, run.abort.signal);
    run.abort.abort(error);
    const repeats = failure.code === "replayed";
    if (run.writes && !repeats) journal.fail(run.command.id, failure.ran === "no" ? "no" : "unknown");
    this.#refuse(stream, failure, run.command, clock.now() - run.startedAt);
  }

  #refuse(stream: LinkStream, failure: StreamFailure, command?: Command, ms?: number): void {
    const { log, logger } = this.#context;
    const detail = failure.detail.slice(0, 2000);
    const which = command === undefined ? {} : about(command);
    log.add("refused", {
      ...which,
      code: failure.code,
      detail,
      ran: failure.ran,
      ...(ms === undefined ? {} : { ms }),
    });
    logger(failure.code === "signature_invalid" ? "warn" : "info", "call refused", {
      ...which,
      code: failure.code,
      detail,
    });
    stream.cancel({ ...failure, detail });
  }
}

/** What both logs say of a command; queries may hold secrets and are left out. */
function about(command: Command): Record<string, unknown> {
  const { id, actor, operation, driver, verb, path, bodySha256, idempotencyKey } = command;
  const shown = path.split("?", 1)[0];
  return { id, actor, operation, driver, verb, path: shown, body: bodySha256, key: idempotencyKey };
}

function unfinished(as: "unfinished" | "different", commandId: string): string {
  return as === "different"
    ? `The idempotency key was used for another request, ${commandId}.`
    : `The same request, ${commandId}, has begun and its end is not known; it is not sent again.`;
}

function failureOf(error: unknown, signal: AbortSignal): StreamFailure {
  if (error instanceof DriverFailure) return { code: error.code, detail: error.message, ran: error.ran };
  if (signal.aborted && signal.reason instanceof DriverFailure) {
    return { code: signal.reason.code, detail: signal.reason.message, ran: "unknown" };
  }
  const detail = error instanceof Error ? error.message : String(error);
  return { code: "upstream_broken", detail: `The agent itself failed: ${detail}`, ran: "unknown" };
}
