import { StringDecoder } from "node:string_decoder";
import type { WebSocket } from "ws";
import { textAt } from "../machines/fields.ts";
import { addressOfGuest } from "../machines/guest.rules.ts";
import { guestMemory, guestProcessors } from "../machines/instance-spec.rules.ts";
import { since } from "../machines/instance-status.rules.ts";
import { atLogin, banner, type GuestFacts, typed } from "../machines/shell.rules.ts";
import { instantOf } from "../machines/stamp.ts";
import { rebootedAnnotation } from "../subresources/instance-actions.ts";
import { mustFindInstance, type Subject } from "../subresources/subject.ts";
import { bytesOf, guestSocket } from "./guest-socket.ts";

function factsOf(subject: Subject): GuestFacts {
  const instance = mustFindInstance(subject);
  return {
    hostname: textAt(instance, "spec", "hostname") ?? subject.name,
    system: textAt(instance, "status", "guestOSInfo", "prettyName") ?? "Ubuntu 22.04.4 LTS",
    kernel: textAt(instance, "status", "guestOSInfo", "kernelRelease") ?? "5.15.0-105-generic",
    processors: guestProcessors(instance["spec"]),
    memoryBytes: guestMemory(instance["spec"]),
    address: addressOfGuest(instance),
    bootedAt: instantOf(instance.metadata.annotations?.[rebootedAnnotation]) ?? since(instance, "Running"),
    now: subject.world.clock.now(),
  };
}

function serve(socket: WebSocket, subject: Subject): void {
  const decoder = new StringDecoder("utf8");
  let state = atLogin;
  let guest = factsOf(subject);
  socket.send(Buffer.from(banner(guest)));
  socket.on("message", (data) => {
    guest = { ...guest, now: subject.world.clock.now() };
    const step = typed(state, decoder.write(bytesOf(data)), guest);
    state = step.state;
    if (step.output !== "") socket.send(Buffer.from(step.output));
  });
}

/** The serial console of a guest. */
export const consoleSocket = guestSocket({
  resource: "virtualmachineinstances",
  subresource: "console",
  serve,
});
