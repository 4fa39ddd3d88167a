import type { WebSocket } from "ws";
import type { Subject } from "../subresources/subject.ts";
import { bytesOf, type GuestSocket, guestSocket } from "./guest-socket.ts";

/** SSH says who it is; what comes after is nobody's: the simulated guest has no keys. */
function ssh(socket: WebSocket): void {
  socket.send(Buffer.from("SSH-2.0-OpenSSH_8.9p1 Ubuntu-3ubuntu0.10\r\n"));
  socket.on("message", (data) => {
    if (!bytesOf(data).toString("latin1").startsWith("SSH-2.0-"))
      socket.close(1000, "Invalid SSH identification string.");
  });
}

/** A web server with one page. */
function http(socket: WebSocket, { name }: Subject): void {
  let asked = "";
  socket.on("message", (data) => {
    asked += bytesOf(data).toString("latin1");
    if (!asked.includes("\r\n\r\n")) return;
    const body = `<h1>${name}</h1>\n`;
    const head = [
      "HTTP/1.1 200 OK",
      "content-type: text/html",
      `content-length: ${body.length}`,
      "connection: close",
    ];
    socket.send(Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`));
    socket.close(1000);
  });
}

const listening: Readonly<Record<string, (socket: WebSocket, subject: Subject) => void>> = {
  "22": ssh,
  "80": http,
};

const serve: GuestSocket["serve"] = (socket, subject, params) => {
  const port = params["port"] ?? "";
  const answer =
    (params["protocol"] ?? "tcp") === "tcp" && Object.hasOwn(listening, port) ? listening[port] : undefined;
  if (answer === undefined) socket.close(1011, `dial tcp ${port}: connect: connection refused`);
  else answer(socket, subject);
};

/** Connections to ports of a guest: 22 and 80 answer. */
export const portForwardSockets = (["virtualmachines", "virtualmachineinstances"] as const).flatMap(
  (resource) =>
    ["/{port}", "/{port}/{protocol}"].map((tail) =>
      guestSocket({ resource, subresource: "portforward", tail, awake: true, serve }),
    ),
);
