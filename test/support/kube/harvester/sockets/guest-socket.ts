import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { KubeObject, SocketRoute, World } from "../../words.ts";
import { kindIn } from "../controllers/kinds.ts";
import { isTrue } from "../machines/conditions.ts";
import { phaseOf } from "../machines/instance-status.rules.ts";
import { cannot } from "../subresources/refusals.ts";
import { mustFindInstance, type Subject, subjectOf } from "../subresources/subject.ts";

const root = "/apis/subresources.kubevirt.io/v1/namespaces/{namespace}";
const protocols = ["plain.kubevirt.io", "binary.k8s.io", "binary"];

const server = new WebSocketServer({
  noServer: true,
  handleProtocols: (offered) => protocols.find((one) => offered.has(one)) ?? false,
});

export interface GuestSocket {
  readonly resource: "virtualmachines" | "virtualmachineinstances";
  readonly subresource: string;
  /** The rest of the path, when it goes on: `/{port}`. */
  readonly tail?: string;
  /** A paused guest is refused. */
  readonly awake?: boolean;
  serve(socket: WebSocket, subject: Subject, params: Readonly<Record<string, string>>): void;
}

function mustBeReachable(subject: Subject, awake: boolean): void {
  const instance = mustFindInstance(subject);
  const { name } = subject;
  if (phaseOf(instance) !== "Running") throw cannot("virtualmachineinstance", name, "VMI is not running");
  if (awake && isTrue(instance, "Paused")) throw cannot("virtualmachineinstance", name, "VMI is paused");
}

/** Closes a socket when the guest behind it is gone. */
function closeWithGuest(world: World, socket: WebSocket, { namespace, name }: Subject): void {
  const kind = kindIn(world, "instance");
  const alive = (instance: KubeObject | undefined) =>
    instance !== undefined && phaseOf(instance) === "Running";
  const stop = world.store.onChange(({ kind: changed, object }) => {
    if (changed.plural !== kind.plural || object.metadata.name !== name) return;
    if (!alive(world.store.find(kind, namespace, name))) socket.close(1000, "the guest has ended");
  });
  socket.on("close", stop);
}

/** A path of KubeVirt that is a WebSocket to something in a running guest. */
export function guestSocket({
  resource,
  subresource,
  tail = "",
  awake = false,
  serve,
}: GuestSocket): SocketRoute {
  return {
    pattern: `${root}/${resource}/{name}/${subresource}${tail}`,
    accept(request, duplex: Duplex, head) {
      const subject = subjectOf(request);
      const { world, namespace, name } = subject;
      request.mustBeAllowed({
        verb: "get",
        group: "subresources.kubevirt.io",
        resource,
        subresource,
        namespace,
        name,
      });
      mustBeReachable(subject, awake);
      server.handleUpgrade(request.incoming, duplex, head, (socket) => {
        socket.on("error", () => socket.terminate());
        closeWithGuest(world, socket, subject);
        serve(socket, subject, request.params);
      });
    },
  };
}

/** The bytes of a message, however they came. */
export function bytesOf(data: Buffer | ArrayBuffer | Buffer[]): Buffer {
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.isBuffer(data) ? data : Buffer.from(data);
}
