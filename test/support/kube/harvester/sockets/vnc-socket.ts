import type { WebSocket } from "ws";
import { isTrue } from "../machines/conditions.ts";
import { screenOf } from "../machines/picture.rules.ts";
import { beforeVersion, greeting, received, type Screen } from "../machines/rfb.rules.ts";
import { findInstance, type Subject } from "../subresources/subject.ts";
import { bytesOf, guestSocket } from "./guest-socket.ts";

function serve(socket: WebSocket, subject: Subject): void {
  const screen: Screen = {
    name: `${subject.namespace}/${subject.name}`,
    draw: (keys) => screenOf(subject.name, !isTrue(findInstance(subject), "Paused"), keys),
  };
  let state = beforeVersion;
  socket.send(greeting);
  socket.on("message", (data) => {
    const step = received(state, bytesOf(data), screen);
    state = step.state;
    for (const bytes of step.output) socket.send(bytes);
    if (state.stage === "closed") socket.close(1002, "not the protocol");
  });
}

/** The screen of a guest, for viewers that speak RFB. */
export const vncSocket = guestSocket({ resource: "virtualmachineinstances", subresource: "vnc", serve });
