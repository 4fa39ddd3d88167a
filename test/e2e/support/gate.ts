import { createServer, type IncomingMessage, type ServerResponse, request as send } from "node:http";
import type { AddressInfo } from "node:net";

export interface Passed {
  readonly method: string;
  readonly url: string;
}

/** A server before another one that counts what comes, can keep answers back, and can be away. */
export interface Gate {
  readonly url: string;
  readonly passed: readonly Passed[];
  /** How many requests of a method came whose address has this in it. */
  count(method: string, part: string): number;
  /** The next such request is carried out; its answer is kept back until `release`. */
  hold(method: string, part: string): { readonly arrived: Promise<void>; release(): void };
  /** Nobody listens any more, and what was open is cut. */
  down(): Promise<void>;
  up(): Promise<void>;
}

interface Held {
  readonly method: string;
  readonly part: string;
  readonly arrive: () => void;
  readonly released: Promise<void>;
}

export async function startGate(target: string): Promise<Gate> {
  const passed: Passed[] = [];
  const holds = new Set<Held>();
  const server = createServer((incoming, response) => {
    const { method = "", url = "" } = incoming;
    passed.push({ method, url });
    const held = [...holds].find((one) => one.method === method && url.includes(one.part));
    if (held !== undefined) holds.delete(held);
    pass(new URL(url, target), incoming, response, held);
  });
  const listen = (port: number) =>
    new Promise<void>((resolve) => server.listen(port, "127.0.0.1", () => resolve()));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    passed,
    count: (method, part) => passed.filter((one) => one.method === method && one.url.includes(part)).length,
    hold(method, part) {
      const arrived = Promise.withResolvers<void>();
      const released = Promise.withResolvers<void>();
      holds.add({ method, part, arrive: arrived.resolve, released: released.promise });
      return { arrived: arrived.promise, release: released.resolve };
    },
    down: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    up: () => listen(port),
  };
}

function pass(url: URL, incoming: IncomingMessage, response: ServerResponse, held: Held | undefined): void {
  const { method = "GET", headers } = incoming;
  const onward = send(url, { method, headers: { ...headers, host: url.host } }, async (answer) => {
    if (held !== undefined) {
      held.arrive();
      await held.released;
    }
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
    answer.on("error", () => response.destroy());
  });
  onward.on("error", () => response.destroy());
  response.on("close", () => onward.destroy());
  incoming.on("error", () => onward.destroy());
  incoming.pipe(onward);
}
