import type { AddressInfo } from "node:net";
import { connect, createServer, type Socket } from "node:net";

type Way = "up" | "down";

/** A wire to a port of this machine that tests cut. `up` is towards that port. */
export interface Cable {
  readonly port: number;
  /** Ends every connection at once, without a word. */
  cut(): void;
  /** Lets so many more bytes pass in one direction and then ends the connections, wherever that is. */
  cutAfter(way: Way, bytes: number): Promise<void>;
  /** While it is pulled nobody gets through. */
  pulled: boolean;
  close(): void;
}

export async function startCable(target: number): Promise<Cable> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let fuse: { way: Way; left: number; blown: () => void } | undefined;
  const cut = (): void => {
    for (const pair of pairs) for (const socket of pair) socket.destroy();
    pairs.clear();
  };
  const carry = (way: Way, from: Socket, to: Socket): void => {
    from.on("data", (bytes: Buffer) => {
      if (fuse?.way === way) fuse.left -= bytes.length;
      if (fuse?.way !== way || fuse.left > 0) {
        if (!to.write(bytes)) from.pause();
        return;
      }
      const { left, blown } = fuse;
      fuse = undefined;
      // What was let through reaches the other side, and nothing after it.
      to.write(bytes.subarray(0, bytes.length + left), () => {
        cut();
        blown();
      });
      from.pause();
    });
    to.on("drain", () => from.resume());
    from.on("error", () => {});
    from.on("close", () => to.destroy());
  };
  const server = createServer((near) => {
    if (cable.pulled) return void near.destroy();
    const far = connect({ host: "127.0.0.1", port: target });
    const pair = [near, far] as const;
    pairs.add(pair);
    near.on("close", () => pairs.delete(pair));
    carry("up", near, far);
    carry("down", far, near);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cable: Cable = {
    port: (server.address() as AddressInfo).port,
    pulled: false,
    cut,
    cutAfter: (way, bytes) =>
      new Promise((blown) => {
        fuse = { way, left: bytes, blown };
      }),
    close() {
      cut();
      server.close();
    },
  };
  return cable;
}
