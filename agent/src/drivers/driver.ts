import type { Command, StreamFailure } from "../../../contracts/relay/command.ts";
import type { BodyFilter } from "../redaction/json-stream.ts";

/** Why a call came to nothing. `ran`: whether anything can have happened behind the agent. */
export class DriverFailure extends Error {
  readonly code: StreamFailure["code"];
  readonly ran: StreamFailure["ran"];

  constructor(code: StreamFailure["code"], detail: string, ran: StreamFailure["ran"] = "no") {
    super(detail);
    this.code = code;
    this.ran = ran;
  }
}

/** A body as it comes. Nothing comes before `start`; after `end` or `error` nothing more. */
export interface BodySource {
  start(taker: { data(bytes: Uint8Array): void; end(): void; error(failure: DriverFailure): void }): void;
  pause(): void;
  resume(): void;
  /** Lets go of it: what feeds it is stopped. */
  cancel(): void;
}

/** A body that is sent on as it comes: `write` resolves when there is room for more. */
export interface BodySink {
  write(bytes: Uint8Array): Promise<void> | undefined;
  end(): void;
  /** The sender broke off: the request to the upstream must not look whole. */
  abort(): void;
}

export interface DriverAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: BodySource;
  /** A stream that lasts, such as a watch: its head is sent at once. */
  readonly lasts: boolean;
  /** What takes secrets out on the way. */
  readonly filter?: BodyFilter;
}

export interface DriverCall {
  readonly command: Command;
  /** The whole body, where it was hashed; `sink` is given one to fill where it comes in pieces. */
  readonly body: Uint8Array | undefined;
  readonly streams: boolean;
  readonly sink?: (sink: BodySink) => void;
  /** Aborted when the caller has gone or waited long enough; what runs must stop. */
  readonly signal: AbortSignal;
}

/** What a driver says to a command before anything is done. */
export type Permission =
  | {
      readonly allowed: true;
      readonly maxBodyBytes: number;
      /** Whether a body may come in pieces, which nobody looks into. */
      readonly takesPieces: boolean;
      checkBody?(body: Uint8Array): string | undefined;
    }
  | { readonly allowed: false; readonly code: "read_only" | "policy_refused"; readonly detail: string };

/** The two ends of a WebSocket behind the agent. */
export interface DriverSocket {
  send(text: boolean, bytes: Uint8Array): void;
  close(code: number, reason: string): void;
  pause(): void;
  resume(): void;
  readonly protocol: string;
}
export interface SocketTaker {
  message(text: boolean, bytes: Uint8Array): void;
  closed(code: number, reason: string): void;
}

/** One system that the agent reaches. */
export interface Driver {
  readonly name: string;
  /** Its own policy. Pure: nothing is sent. */
  judge(command: Command): Permission;
  /** @throws DriverFailure */
  call(call: DriverCall): Promise<DriverAnswer>;
  /** Opens a WebSocket, paused until `resume`. @throws DriverFailure */
  open?(command: Command, taker: SocketTaker, signal: AbortSignal): Promise<DriverSocket>;
  /** Whether it can be reached now, in words for people; never throws. */
  check(): Promise<{ readonly reachable: boolean; readonly detail: string }>;
  close(): Promise<void>;
}
