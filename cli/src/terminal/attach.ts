import { stdin, stdout } from "node:process";

/** What ends an attachment: Ctrl-], as in telnet and virsh. */
const leaveKey = 0x1d;
const lingerMs = 1_000;

/**
 * Joins this terminal to a WebSocket until either side ends it: keys go out as they are typed, bytes come in as they
 * are. Answers the reason that the other side gave, or nothing when the user left.
 */
export function attach(url: string, protocols: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, [...protocols]);
    socket.binaryType = "arraybuffer";
    let opened = false;
    const typed = (keys: Buffer) => {
      if (stdin.isTTY && keys.includes(leaveKey)) end(undefined);
      else socket.send(keys.toString("utf8"));
    };
    // What was typed last is on its way; the answer to it may still come.
    const ended = () => void setTimeout(() => end(undefined), lingerMs);
    const end = (reason: string | undefined) => {
      stdin.off("data", typed);
      stdin.off("end", ended);
      if (stdin.isTTY) stdin.setRawMode(false);
      stdin.pause();
      socket.close(1000);
      resolve(reason);
    };
    socket.onopen = () => {
      opened = true;
      if (stdin.isTTY) stdin.setRawMode(true);
      stdin.on("data", typed);
      stdin.on("end", ended);
      stdin.resume();
    };
    socket.onmessage = ({ data }) =>
      stdout.write(typeof data === "string" ? data : Buffer.from(data as ArrayBuffer));
    socket.onclose = ({ reason, code }) => {
      if (opened) end(reason || (code === 1000 ? undefined : `closed with ${code}`));
      else reject(new Error("The console was refused or could not be reached."));
    };
  });
}
