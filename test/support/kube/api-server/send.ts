import type { ServerResponse } from "node:http";
import type { SimResponse } from "../words.ts";
import { Outflow } from "./outflow.ts";

/** Writes an answer; with `cutAfter` the connection ends after so many bytes of the body. */
export async function send(response: ServerResponse, answer: SimResponse, cutAfter?: number): Promise<void> {
  if (cutAfter === 0) {
    if (answer.body instanceof Outflow) answer.body.end(true);
    response.destroy();
    return;
  }
  const { status, body } = answer;
  const headers = lowered(answer.headers);
  if (isStream(body)) {
    response.writeHead(status, { "content-type": "application/octet-stream", ...headers });
    response.flushHeaders();
    await stream(response, body, cutAfter);
    return;
  }
  const bytes = bytesOf(body);
  if (typeof body === "string") headers["content-type"] ??= "text/plain; charset=utf-8";
  else if (bytes && !(body instanceof Uint8Array)) headers["content-type"] ??= "application/json";
  response.writeHead(status, { ...headers, ...(bytes ? { "content-length": String(bytes.length) } : {}) });
  if (cutAfter !== undefined && bytes && bytes.length > cutAfter) {
    response.write(bytes.subarray(0, cutAfter), () => response.destroy());
    return;
  }
  response.end(bytes);
}

function lowered(headers: SimResponse["headers"] = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function isStream(body: unknown): body is AsyncIterable<Uint8Array | string> {
  return typeof body === "object" && body !== null && Symbol.asyncIterator in body;
}

function bytesOf(body: unknown): Uint8Array | undefined {
  if (body === undefined) return undefined;
  if (body instanceof Uint8Array) return body;
  return Buffer.from(typeof body === "string" ? body : `${JSON.stringify(body)}\n`);
}

async function stream(
  response: ServerResponse,
  body: AsyncIterable<Uint8Array | string>,
  cutAfter = Number.POSITIVE_INFINITY,
): Promise<void> {
  const parts = body[Symbol.asyncIterator]();
  response.once("close", () => void parts.return?.());
  let sent = 0;
  for (let part = await parts.next(); !part.done && !response.destroyed; part = await parts.next()) {
    const bytes = Buffer.from(part.value);
    const allowed = bytes.subarray(0, Math.max(0, cutAfter - sent));
    sent += bytes.length;
    if (sent >= cutAfter) {
      response.write(allowed, () => response.destroy());
      return;
    }
    if (!response.write(bytes)) await drained(response);
  }
  response.end();
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off("drain", done);
      response.off("close", done);
      resolve();
    };
    response.on("drain", done);
    response.on("close", done);
  });
}
