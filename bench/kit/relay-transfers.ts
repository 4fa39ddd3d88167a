import { Agent, request } from "node:http";

/** A way to the same system: directly, or through a relay. */
export interface Way {
  readonly title: string;
  readonly url: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Milliseconds that one body takes, down or up; checks that all of it came. */
export function transfer(way: Way, direction: "down" | "up", size: number): Promise<number> {
  const agent = new Agent({ keepAlive: false });
  const at = performance.now();
  return new Promise((resolve, reject) => {
    const path = direction === "down" ? `${way.path}/bytes?size=${size}` : `${way.path}/upload`;
    const headers = {
      ...way.headers,
      ...(direction === "up" ? { "content-type": "application/octet-stream", "content-length": size } : {}),
    };
    const outgoing = request(
      `${way.url}${path}`,
      { agent, method: direction === "down" ? "GET" : "POST", headers },
      (response) => {
        let got = 0;
        let text = "";
        response.on("data", (chunk: Buffer) => {
          got += chunk.byteLength;
          if (direction === "up" || response.statusCode !== 200) text += chunk.toString();
        });
        response.on("error", reject);
        response.on("end", () => {
          const arrived = direction === "down" ? got : (JSON.parse(text) as { size?: number }).size;
          if (response.statusCode !== 200 || arrived !== size)
            reject(
              new Error(
                `${path}: ${response.statusCode}, ${arrived} of ${size} bytes: ${text.slice(0, 300)}`,
              ),
            );
          else resolve(performance.now() - at);
        });
      },
    );
    outgoing.on("error", reject);
    if (direction === "down") outgoing.end();
    else pour(outgoing, size);
  });
}

function pour(outgoing: ReturnType<typeof request>, size: number): void {
  const block = Buffer.alloc(64 * 1024, 0x62);
  let left = size;
  const write = () => {
    while (left > 0) {
      const part = block.subarray(0, Math.min(left, block.byteLength));
      left -= part.byteLength;
      if (!outgoing.write(part)) {
        outgoing.once("drain", write);
        return;
      }
    }
    outgoing.end();
  };
  write();
}

/** Opens a stream of events and calls back with each one's age in milliseconds; the result ends it. */
export function follow(way: Way, everyMs: number, seen: (ageMs: number) => void): Promise<() => void> {
  const agent = new Agent({ keepAlive: false });
  return new Promise((resolve, reject) => {
    const outgoing = request(
      `${way.url}${way.path}/watch?everyMs=${everyMs}`,
      { agent, headers: way.headers },
      (response) => {
        if (response.statusCode !== 200) {
          reject(new Error(`the watch answered ${response.statusCode}`));
          return;
        }
        let rest = "";
        response.setEncoding("utf8");
        response.on("error", () => {});
        response.on("data", (chunk: string) => {
          const now = process.hrtime.bigint();
          const lines = (rest + chunk).split("\n");
          rest = lines.pop() ?? "";
          for (const line of lines) seen(Number(now - BigInt((JSON.parse(line) as { at: string }).at)) / 1e6);
        });
        resolve(() => outgoing.destroy());
      },
    );
    outgoing.on("error", reject);
    outgoing.end();
  });
}
