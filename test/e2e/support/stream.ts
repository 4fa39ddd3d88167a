import type { Api } from "./api.ts";

export interface StreamEvent {
  readonly id: number;
  readonly event: string;
  readonly data: Record<string, unknown>;
}

/** Reads server-sent events until told to stop, or until `enough` of what came. */
export async function readStream(
  api: Api,
  path: string,
  lastEventId: number | undefined,
  enough: (events: readonly StreamEvent[]) => boolean,
): Promise<StreamEvent[]> {
  const stop = new AbortController();
  const headers = lastEventId === undefined ? {} : { "last-event-id": String(lastEventId) };
  const { body } = await api.open(`GET ${path}`, { headers, signal: stop.signal });
  const events: StreamEvent[] = [];
  let rest = "";
  const decoder = new TextDecoder();
  for await (const bytes of body as unknown as AsyncIterable<Uint8Array>) {
    const blocks = (rest + decoder.decode(bytes, { stream: true })).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1];
      const data = field("data");
      if (data === undefined) continue;
      events.push({ id: Number(field("id")), event: field("event") ?? "", data: JSON.parse(data) });
    }
    if (enough(events)) break;
  }
  stop.abort();
  return events;
}
