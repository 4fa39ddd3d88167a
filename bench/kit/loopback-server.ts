import { createServer } from "node:http";

/** What the relay is measured against: an HTTP server on this machine that answers at once. Prints its address. */
const small = Buffer.from(JSON.stringify({ kind: "Answer", filler: "x".repeat(447) }));
const block = Buffer.alloc(64 * 1024, 0x61);

const server = createServer((request, response) => {
  const url = new URL(request.url ?? "/", "http://localhost");
  if (request.method === "POST") {
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.byteLength;
    });
    request.on("end", () => response.end(JSON.stringify({ size })));
  } else if (url.pathname === "/bytes") {
    let left = Number(url.searchParams.get("size"));
    response.setHeader("content-type", "application/octet-stream");
    response.setHeader("content-length", left);
    const write = () => {
      while (left > 0) {
        const part = block.subarray(0, Math.min(left, block.byteLength));
        left -= part.byteLength;
        if (!response.write(part)) {
          response.once("drain", write);
          return;
        }
      }
      response.end();
    };
    write();
  } else if (url.pathname === "/watch") {
    const everyMs = Number(url.searchParams.get("everyMs") ?? 50);
    response.setHeader("content-type", "application/json");
    // The monotonic clock is the machine's, the same in every process.
    const timer = setInterval(() => response.write(`{"at":"${process.hrtime.bigint()}"}\n`), everyMs);
    response.on("close", () => clearInterval(timer));
    response.flushHeaders();
  } else {
    response.setHeader("content-type", "application/json");
    response.end(small);
  }
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  console.log(typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}` : "");
});
