import WebSocket from "ws";
import { frameHeadBytes } from "../../../contracts/relay/frame.ts";
import { linkLimits } from "../../../contracts/relay/protocol.ts";
import type { Dial } from "../core/socket.ts";

/** Dials with `ws`. */
export const nodeDial: Dial = (url, taker) =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(url, {
      perMessageDeflate: false,
      maxPayload: linkLimits.frameBytes + frameHeadBytes,
      handshakeTimeout: 10_000,
      headers: { "user-agent": "maru-agent" },
    });
    let opened = false;
    socket.once("open", () => {
      opened = true;
      resolve({
        send: (data) => {
          if (socket.readyState === WebSocket.OPEN) socket.send(data);
        },
        close: (code, reason) => socket.close(code, reason),
        terminate: () => socket.terminate(),
      });
    });
    socket.on("message", (data: Buffer, isBinary) => {
      if (isBinary) taker.bytes(data);
      else taker.text(data.toString("utf8"));
    });
    socket.once("unexpected-response", (_, response) => {
      response.resume();
      reject(new Error(`Maru answered ${response.statusCode ?? 0} to the WebSocket.`));
      socket.terminate();
    });
    socket.on("error", (error) => {
      if (!opened)
        reject(
          new Error(`Maru can't be reached: ${error.message || ("code" in error ? String(error.code) : "")}`),
        );
    });
    socket.once("close", (code, reason) => taker.closed(code, reason.toString("utf8")));
  });
