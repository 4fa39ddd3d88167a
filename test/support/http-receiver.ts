import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as a receiver got it. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** How many requests of the same receiver were under way, this one included. */
  readonly going: number;
}

/** How a receiver answers one request. */
export interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly delayMs?: number;
  /** Every request from here on is answered so. */
  readonly always?: true;
}

/** Receivers outside workerd, each at `/<name>/…`; `POST /-/<name>` queues answers and `GET /-/<name>` tells what came. */
export interface HttpReceiver {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts the receivers; one without queued answers says 200. */
export async function startHttpReceiver(): Promise<HttpReceiver> {
  const received = new Map<string, ReceivedRequest[]>();
  const answers = new Map<string, ScriptedAnswer[]>();
  const underWay = new Map<string, number>();
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const { method = "GET", url: path = "/", headers } = request;
    const [, first = "", second = ""] = path.split(/[/?]/);
    if (first === "-") {
      if (method === "POST") answers.set(second, JSON.parse(body));
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify(received.get(second) ?? []));
      return;
    }
    const going = (underWay.get(first) ?? 0) + 1;
    underWay.set(first, going);
    const came: ReceivedRequest = { method, path, headers, body, at: Date.now(), going };
    received.set(first, [...(received.get(first) ?? []), came]);
    const [next] = answers.get(first) ?? [];
    const answer = (next?.always ? next : answers.get(first)?.shift()) ?? {};
    if (answer.delayMs) await new Promise((resolve) => setTimeout(resolve, answer.delayMs));
    underWay.set(first, (underWay.get(first) ?? 1) - 1);
    response.writeHead(answer.status ?? 200, answer.headers);
    response.end(answer.body ?? "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
