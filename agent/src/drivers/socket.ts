import type WebSocket from "ws";
import type { DriverFailure, DriverSocket, SocketTaker } from "./driver.ts";

const saidBytes = 4096;

/** The upstream answered the wish for a WebSocket with something else. */
export class SocketRefused extends Error {
  readonly status: number;
  readonly body: Uint8Array;

  constructor(status: number, body: Uint8Array) {
    super(`The upstream refused the WebSocket with ${status}.`);
    this.status = status;
    this.body = body;
  }
}

/** Waits for a WebSocket to open and hands its messages on; it is paused until `resume` is called. @throws DriverFailure or SocketRefused */
export function openSocket(
  socket: WebSocket,
  taker: SocketTaker,
  signal: AbortSignal,
  explain: (error: unknown) => Promise<DriverFailure>,
): Promise<DriverSocket> {
  return new Promise((resolve, reject) => {
    let opened = false;
    const abort = (): void => socket.terminate();
    signal.addEventListener("abort", abort, { once: true });
    socket.once("open", () => {
      opened = true;
      // What the other side says first must not come before the word that it has opened.
      socket.pause();
      resolve({
        send: (text, bytes) => socket.send(bytes, { binary: !text }),
        close: (code, reason) => socket.close(sendable(code), reason),
        pause: () => socket.pause(),
        resume: () => socket.resume(),
        protocol: socket.protocol,
      });
    });
    socket.on("message", (data: Buffer, isBinary) => taker.message(!isBinary, data));
    socket.once("unexpected-response", (_, response) => {
      const parts: Buffer[] = [];
      const done = (): void => {
        reject(new SocketRefused(response.statusCode ?? 502, Buffer.concat(parts).subarray(0, saidBytes)));
        socket.terminate();
      };
      response.on("data", (part: Buffer) => parts.push(part));
      response.once("end", done);
      response.once("error", done);
    });
    socket.on("error", (error) => {
      if (!opened) explain(error).then(reject, reject);
    });
    socket.once("close", (code, reason) => {
      signal.removeEventListener("abort", abort);
      if (opened) taker.closed(code, reason.toString("utf8"));
    });
  });
}

// 1005 and its like say that there was no code; they may not be sent.
function sendable(code: number): number {
  return code === 1000 ||
    (code >= 1001 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006) ||
    (code >= 3000 && code <= 4999)
    ? code
    : 1000;
}
