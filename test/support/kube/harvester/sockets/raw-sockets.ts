import type { WebSocket } from "ws";
import { bytesOf, guestSocket } from "./guest-socket.ts";

/** A device that says back what it is told, so that a client sees its bytes travel both ways. */
function echo(socket: WebSocket): void {
  socket.on("message", (data) => socket.send(bytesOf(data)));
}

/** Redirected USB devices and virtual sockets of a guest. */
export const rawSockets = (["usbredir", "vsock"] as const).map((subresource) =>
  guestSocket({ resource: "virtualmachineinstances", subresource, serve: echo }),
);
