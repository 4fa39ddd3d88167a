import { base64Of, bytesOfBase64 } from "../receiving/body-text.rules.ts";
import type { HttpMessage } from "../receiving/event-draft.ts";

/** The request that events came in, as the last line of their object. A body that isn't UTF-8 is base64. */
interface KeptRequest {
  readonly request: {
    readonly headers: Readonly<Record<string, string>>;
    readonly text?: string;
    readonly base64?: string;
  };
}

const keptHeaders =
  /^(content-type|ce-.+|webhook-(id|timestamp)|svix-(id|timestamp)|x-github-(event|delivery))$/;
const requestStart = '{"request":';

/** One object for what came in at once: a line for each event (its JSON), then one for the raw request where there is one. */
export function packLines(events: readonly string[], message: HttpMessage | undefined): string {
  const lines = message === undefined ? events : [...events, JSON.stringify(keptRequest(message))];
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

function keptRequest({ headers, body }: HttpMessage): KeptRequest {
  const kept = Object.fromEntries([...headers].filter(([name]) => keptHeaders.test(name)));
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
    return { request: { headers: kept, text } };
  } catch {
    return { request: { headers: kept, base64: base64Of(body) } };
  }
}

/** Whether a line holds the request: the events of its object end before it. */
export const isRequestLine = (line: string): boolean => line.startsWith(requestStart);

/** Reads a kept request. A signature is not kept: it was checked when the request came. */
export function readRequestLine(line: string): HttpMessage {
  const { request }: KeptRequest = JSON.parse(line);
  const headers = new Map(Object.entries(request.headers));
  if (headers.has("webhook-id") || headers.has("svix-id")) headers.set("webhook-signature", "kept");
  const body =
    request.text === undefined
      ? (bytesOfBase64(request.base64 ?? "") ?? new Uint8Array())
      : new TextEncoder().encode(request.text);
  return { headers, body: Uint8Array.from(body) };
}
