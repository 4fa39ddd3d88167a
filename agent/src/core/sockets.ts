import type { Command } from "../../../contracts/relay/command.ts";
import { frameTypes, packHead } from "../../../contracts/relay/frame.ts";
import { type LinkStream, StreamEnded } from "../../../contracts/relay/link-stream.ts";
import { linkLimits } from "../../../contracts/relay/protocol.ts";
import { type Driver, DriverFailure, type DriverSocket } from "../drivers/driver.ts";
import { SocketRefused } from "../drivers/socket.ts";

const text = 1;
const binary = 2;
const decoder = new TextDecoder();

/**
 * Carries a WebSocket between a stream and the system behind the agent until either side closes it. It has opened once
 * a RES frame with status 101 was sent. @throws DriverFailure when it can't be opened
 */
export async function carrySocket(
  stream: LinkStream,
  driver: Driver,
  command: Command,
  abort: AbortController,
): Promise<{ readonly code: number }> {
  if (driver.open === undefined)
    throw new DriverFailure("policy_refused", `${driver.name} has no WebSockets.`);
  let socket: DriverSocket | undefined;
  const early: (() => void)[] = [];
  const ended = Promise.withResolvers<{ code: number }>();
  stream.taker = {
    take: ({ type, payload }) => {
      const act = (): void => {
        if (type === frameTypes.WS_DATA && payload.byteLength > 0) {
          socket?.send(payload[0] === text, payload.subarray(1));
          stream.consumed(payload.byteLength);
        } else if (type === frameTypes.WS_CLOSE) {
          const { code, reason } = readClose(payload);
          stream.close();
          socket?.close(code, reason);
          ended.resolve({ code });
        }
      };
      if (socket === undefined) early.push(act);
      else act();
    },
    ended: (failure) => {
      abort.abort(new DriverFailure("cancelled", failure.detail, "unknown"));
      socket?.close(1001, "the caller has gone");
      ended.resolve({ code: 1006 });
    },
  };
  try {
    socket = await driver.open(
      command,
      {
        message: (isText, bytes) => sendMessage(stream, socket, isText, bytes),
        closed: (code, reason) => {
          stream.finish(frameTypes.WS_CLOSE, closePayload(code, reason));
          ended.resolve({ code });
        },
      },
      abort.signal,
    );
  } catch (error) {
    if (!(error instanceof SocketRefused)) throw error;
    const head = { status: error.status, headers: { "content-type": "text/plain; charset=utf-8" } };
    stream.finish(frameTypes.RES_FULL, packHead(head, error.body));
    return { code: 1006 };
  }
  stream.send(frameTypes.RES, packHead({ status: 101, headers: protocolHeader(socket.protocol) }));
  for (const act of early) act();
  socket.resume();
  return ended.promise;
}

function protocolHeader(protocol: string): Record<string, string> {
  return protocol === "" ? {} : { "sec-websocket-protocol": protocol };
}

function sendMessage(
  stream: LinkStream,
  socket: DriverSocket | undefined,
  isText: boolean,
  bytes: Uint8Array,
): void {
  if (bytes.byteLength + 1 > linkLimits.frameBytes) {
    socket?.close(1009, "the message is too large");
    return;
  }
  const payload = new Uint8Array(bytes.byteLength + 1);
  payload[0] = isText ? text : binary;
  payload.set(bytes, 1);
  const wait = stream.writeWhole(frameTypes.WS_DATA, payload);
  if (wait === undefined) return;
  socket?.pause();
  wait.then(
    () => socket?.resume(),
    (error: unknown) => {
      if (!(error instanceof StreamEnded)) throw error;
    },
  );
}

function readClose(payload: Uint8Array): { code: number; reason: string } {
  if (payload.byteLength < 2) return { code: 1000, reason: "" };
  const code = new DataView(payload.buffer, payload.byteOffset).getUint16(0);
  return { code, reason: decoder.decode(payload.subarray(2)).slice(0, 120) };
}

function closePayload(code: number, reason: string): Uint8Array {
  const said = new TextEncoder().encode(reason).subarray(0, 120);
  const payload = new Uint8Array(2 + said.byteLength);
  new DataView(payload.buffer).setUint16(0, code);
  payload.set(said, 2);
  return payload;
}
