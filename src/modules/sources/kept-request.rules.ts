import type { HttpMessage } from "./receiving/event-draft.ts";

const keptHeaders =
  /^(content-type|ce-.+|webhook-(id|timestamp)|svix-(id|timestamp)|x-github-(event|delivery))$/;

/** A request as it is kept: one line of JSON with the headers that make up its events, then the raw body. */
export function packRequest({ headers, body }: HttpMessage): Uint8Array<ArrayBuffer> {
  const kept = [...headers].filter(([name]) => keptHeaders.test(name));
  const head = new TextEncoder().encode(`${JSON.stringify(Object.fromEntries(kept))}\n`);
  const packed = new Uint8Array(head.length + body.length);
  packed.set(head);
  packed.set(body, head.length);
  return packed;
}

/** Reads a kept request. A signature is not kept: it was checked when the request came. */
export function unpackRequest(packed: Uint8Array): HttpMessage {
  const end = packed.indexOf(10);
  const head: Record<string, string> = JSON.parse(new TextDecoder().decode(packed.subarray(0, end)));
  const headers = new Map(Object.entries(head));
  if (headers.has("webhook-id") || headers.has("svix-id")) headers.set("webhook-signature", "kept");
  return { headers, body: Uint8Array.from(packed.subarray(end + 1)) };
}

/** The folder of a day's requests of a source in the blob store, below the tenant. */
export function dayFolder(sourceId: string, at: Date): readonly [string, string, string] {
  return ["ingest", sourceId, at.toISOString().slice(0, 10)];
}
