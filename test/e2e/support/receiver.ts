import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  readonly at: number;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Receiver {
  readonly origin: string;
  /** What came, in the order in which it came. */
  readonly received: Received[];
  /** What the next requests to a path are answered with; 204 when nothing is left. */
  readonly answers: Map<string, Answer[]>;
  to(path: string): Received[];
  close(): void;
}

/** An HTTP server on this machine that writes down what it gets. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const answers = new Map<string, Answer[]>();
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(Buffer.from(part));
    const path = request.url ?? "";
    const body = Buffer.concat(parts).toString();
    received.push({ at: Date.now(), path, headers: request.headers, body });
    const { status, headers, body: said } = answers.get(path)?.shift() ?? { status: 204 };
    response.writeHead(status, headers).end(said);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answers,
    to: (path) => received.filter((one) => one.path === path),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Whether a request is a Standard Webhook signed with this key: HMAC-SHA256 over id, time and body, not stale. */
export function isSigned({ headers, body, at }: Received, key: Buffer): boolean {
  const [id, time] = [headers["webhook-id"], headers["webhook-timestamp"]];
  const signature = createHmac("sha256", key).update(`${id}.${time}.${body}`).digest("base64");
  const isFresh = Math.abs(at / 1000 - Number(time)) < 300;
  return isFresh && String(headers["webhook-signature"]).split(" ").includes(`v1,${signature}`);
}
