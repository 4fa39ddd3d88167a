import type { AnswerHead } from "../../../contracts/relay/command.ts";
import { frameTypes, packHead } from "../../../contracts/relay/frame.ts";
import { type LinkStream, StreamEnded } from "../../../contracts/relay/link-stream.ts";
import { linkLimits } from "../../../contracts/relay/protocol.ts";
import { type DriverAnswer, DriverFailure } from "../drivers/driver.ts";
import { keptBodyBytes } from "../journal/journal.ts";
import { Unreadable } from "../redaction/json-stream.ts";
import type { Clock } from "./clock.ts";

/** How an answer went out. `body`: all of it, where it is small enough to be kept for repeats. */
export interface Sent {
  readonly head: AnswerHead;
  readonly body: Uint8Array | undefined;
  readonly bytes: number;
  /** The answer began but did not reach its end. */
  readonly broken?: string;
}

const gatherMs = 15;

/**
 * Sends an answer on its stream: one frame when it is small and quick, else head, data as credit allows, end. Never
 * rejects: what breaks is told to the other side by a CANCEL and in the result.
 */
export function sendAnswer(
  stream: LinkStream,
  answer: DriverAnswer,
  clock: Clock,
  keep: boolean,
): Promise<Sent> {
  return new Promise((resolve) => {
    new Sending(stream, answer, clock, keep, resolve).start();
  });
}

class Sending {
  readonly #stream: LinkStream;
  readonly #answer: DriverAnswer;
  readonly #clock: Clock;
  readonly #head: AnswerHead;
  readonly #keep: boolean;
  readonly #done: (sent: Sent) => void;
  #parts: Uint8Array[] = [];
  #kept: Uint8Array[] | undefined = [];
  #bytes = 0;
  #flowing = false;
  #over = false;
  #last: Promise<void> | undefined;
  #stopTimer = (): void => {};

  constructor(
    stream: LinkStream,
    answer: DriverAnswer,
    clock: Clock,
    keep: boolean,
    done: (sent: Sent) => void,
  ) {
    this.#stream = stream;
    this.#answer = answer;
    this.#clock = clock;
    this.#head = { status: answer.status, headers: { ...answer.headers } };
    this.#keep = keep;
    this.#done = done;
  }

  start(): void {
    if (this.#answer.lasts) this.#flow();
    else this.#stopTimer = this.#clock.later(() => this.#flow(), gatherMs);
    this.#answer.body.start({
      data: (bytes) => this.#guard(() => this.#pass(this.#filtered(bytes))),
      end: () => this.#guard(() => this.#end()),
      error: (failure) => this.#break(failure),
    });
  }

  #filtered(bytes: Uint8Array): readonly Uint8Array[] {
    return this.#answer.filter === undefined ? [bytes] : this.#answer.filter.push(bytes);
  }

  #guard(work: () => void): void {
    if (this.#over) return;
    try {
      work();
    } catch (error) {
      this.#answer.body.cancel();
      const detail = error instanceof Error ? error.message : String(error);
      this.#break(
        new DriverFailure(error instanceof Unreadable ? "upstream_broken" : "protocol", detail, "yes"),
      );
    }
  }

  #pass(pieces: readonly Uint8Array[]): void {
    for (const bytes of pieces) {
      if (bytes.byteLength === 0) continue;
      this.#bytes += bytes.byteLength;
      this.#remember(bytes);
      this.#parts.push(bytes);
    }
    if (this.#flowing) this.#writeParts();
    else if (this.#bytes > linkLimits.fullAnswerBytes) this.#flow();
  }

  #remember(bytes: Uint8Array): void {
    if (!this.#keep || this.#bytes > keptBodyBytes) this.#kept = undefined;
    else this.#kept?.push(bytes);
  }

  #flow(): void {
    if (this.#flowing || this.#over) return;
    this.#stopTimer();
    this.#flowing = true;
    this.#stream.send(frameTypes.RES, packHead(this.#head));
    this.#writeParts();
  }

  #writeParts(): void {
    if (this.#parts.length === 0) return;
    const bytes = joined(this.#parts);
    this.#parts = [];
    const wait = this.#stream.write(frameTypes.RES_DATA, bytes);
    if (wait === undefined) return;
    this.#answer.body.pause();
    this.#last = wait;
    wait.then(
      () => {
        if (this.#last === wait) this.#last = undefined;
        this.#answer.body.resume();
      },
      (error: unknown) => this.#lost(error),
    );
  }

  #end(): void {
    if (this.#answer.filter !== undefined) this.#pass(this.#answer.filter.end());
    this.#stopTimer();
    if (!this.#flowing) {
      this.#over = true;
      const body = joined(this.#parts);
      this.#stream.finish(frameTypes.RES_FULL, packHead(this.#head, body));
      this.#finish(this.#keep ? body : undefined);
      return;
    }
    if (this.#last === undefined) {
      this.#endStream();
      return;
    }
    this.#last.then(
      () => this.#endStream(),
      (error: unknown) => this.#lost(error),
    );
  }

  #endStream(): void {
    if (this.#over) return;
    this.#over = true;
    this.#stream.finish(frameTypes.RES_END);
    this.#finish(this.#kept === undefined ? undefined : joined(this.#kept));
  }

  #finish(body: Uint8Array | undefined): void {
    this.#done({ head: this.#head, body: this.#keep ? body : undefined, bytes: this.#bytes });
  }

  #lost(error: unknown): void {
    if (this.#over) return;
    this.#over = true;
    this.#answer.body.cancel();
    const why = error instanceof StreamEnded ? error.failure.detail : String(error);
    this.#done({ head: this.#head, body: undefined, bytes: this.#bytes, broken: why });
  }

  #break(failure: DriverFailure): void {
    if (this.#over) return;
    this.#over = true;
    this.#stopTimer();
    this.#stream.cancel({ code: failure.code, detail: failure.message.slice(0, 2000), ran: failure.ran });
    this.#done({ head: this.#head, body: undefined, bytes: this.#bytes, broken: failure.message });
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0] ?? new Uint8Array();
  return Buffer.concat(parts);
}
