import { Agent, request } from "node:http";

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** A keep-alive client for one address. */
export function client(url: string, connections: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const call = (method: string, path: string, headers: Readonly<Record<string, string>>, body?: string) =>
    new Promise<Answer>((resolve, reject) => {
      const outgoing = request(`${url}${path}`, { method, agent, headers }, (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
        response.on("error", reject);
      });
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  return {
    call,
    /** Sends `requests` GETs over all connections; milliseconds each. Throws at any answer but 200. */
    async load(path: string, headers: Readonly<Record<string, string>>, requests: number): Promise<number[]> {
      const taken: number[] = [];
      let sent = 0;
      const sender = async () => {
        while (sent < requests) {
          sent += 1;
          const at = performance.now();
          const answer = await call("GET", path, headers);
          if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${answer.text}`);
          taken.push(performance.now() - at);
        }
      };
      await Promise.all(Array.from({ length: connections }, sender));
      return taken;
    },
    close: () => agent.destroy(),
  };
}
