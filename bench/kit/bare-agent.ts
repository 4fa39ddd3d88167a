import { Agent, get } from "node:http";
import WebSocket from "ws";

/** `bare-agent.ts SOCKET TARGET`: asks the target for each path that comes, and sends back what it says. */
const [socketUrl = "", target = ""] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true });
const socket = new WebSocket(socketUrl, { perMessageDeflate: false });
socket.on("open", () => console.log("open"));
socket.on("message", (data: Buffer) => {
  const [id = "", path = ""] = data.toString().split(" ");
  get(`${target}${path}`, { agent }, (response) => {
    let text = "";
    response.setEncoding("utf8");
    response.on("data", (chunk: string) => {
      text += chunk;
    });
    response.on("end", () => socket.send(`${id} ${text}`));
  });
});
