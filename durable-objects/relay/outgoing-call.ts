import { readAnswerHead, type StreamFailure } from "../../contracts/relay/command.ts";
import { type Frame, frameTypes, unpackHead } from "../../contracts/relay/frame.ts";
import type { LinkStream, StreamTaker } from "../../contracts/relay/link-stream.ts";
import { StreamBody, sendBody } from "../../contracts/relay/stream-body.ts";
import type { AgentSession } from "./agent-session.ts";
import type { Deadlines } from "./deadlines.ts";
import type { RelayCall } from "./relay-call.ts";

/** How a call ended: with a head and a body, with the agent's words for why not, or without any in time. */
export type CallEnd =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: Uint8Array | ReadableStream<Uint8Array>;
    }
  | { readonly kind: "failure"; readonly failure: StreamFailure }
  | { readonly kind: "timeout" };

const cancelled: StreamFailure = { code: "cancelled", detail: "The caller has gone.", ran: "unknown" };
const late: StreamFailure = { code: "cancelled", detail: "The caller's time was over.", ran: "unknown" };
const noAnswer: StreamFailure = {
  code: "protocol",
  detail: "The agent's answer could not be read.",
  ran: "unknown",
};

/** Sends a signed command on a stream of its own and waits for the head of the answer; a large body follows as a stream. */
export function sendCall(
  session: AgentSession,
  signed: { readonly payload: Uint8Array; readonly rest: Uint8Array | undefined },
  call: Pick<RelayCall, "body">,
  deadlines: Deadlines,
  timeoutMs: number,
): Promise<CallEnd> {
  return new Promise((resolve) => {
    const answer = new Answer(resolve);
    const stream = session.start(frameTypes.REQ, signed.payload, answer);
    answer.stream = stream;
    answer.inTime = deadlines.add(() => {
      stream.cancel(late);
      answer.settle({ kind: "timeout" });
    }, timeoutMs);
    void sendRest(stream, signed.rest, call.body);
  });
}

async function sendRest(
  stream: LinkStream,
  rest: Uint8Array | undefined,
  body: RelayCall["body"],
): Promise<void> {
  try {
    if (rest !== undefined) await stream.write(frameTypes.REQ_DATA, rest);
    if (body === undefined || body instanceof Uint8Array) return;
    await sendBody(stream, frameTypes.REQ_DATA, body);
    stream.send(frameTypes.REQ_END);
  } catch {
    // The stream has ended and told so already, or the caller's body broke off: the agent must not take a part for all.
    stream.cancel(cancelled);
  }
}

class Answer implements StreamTaker {
  stream: LinkStream | undefined;
  /** Takes the deadline back. */
  inTime: (() => void) | undefined;
  #resolve: ((end: CallEnd) => void) | undefined;
  #body: StreamBody | undefined;

  constructor(resolve: (end: CallEnd) => void) {
    this.#resolve = resolve;
  }

  settle(end: CallEnd): void {
    this.inTime?.();
    this.#resolve?.(end);
    this.#resolve = undefined;
  }

  take({ type, payload }: Frame): void {
    const { stream } = this;
    if (stream === undefined) return;
    if (type === frameTypes.RES_DATA) this.#body?.put(payload);
    else if (type === frameTypes.RES_END) {
      this.#body?.end();
      stream.close();
    } else if (type === frameTypes.RES || type === frameTypes.RES_FULL) this.#head(stream, type, payload);
  }

  ended(failure: StreamFailure): void {
    this.#body?.fail(failure);
    this.settle({ kind: "failure", failure });
  }

  #head(stream: LinkStream, type: number, payload: Uint8Array): void {
    try {
      const { head, rest } = unpackHead(payload);
      const { status, headers } = readAnswerHead(head);
      if (type === frameTypes.RES_FULL) {
        stream.close();
        this.settle({ kind: "answer", status, headers, body: rest.slice() });
        return;
      }
      const body = new StreamBody(stream);
      this.#body = body;
      body.put(rest.slice(), false);
      this.settle({
        kind: "answer",
        status,
        headers,
        body: body.readable("bytes", () => stream.cancel(cancelled)),
      });
    } catch {
      stream.cancel(noAnswer);
      this.settle({ kind: "failure", failure: noAnswer });
    }
  }
}
