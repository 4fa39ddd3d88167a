/** One message of a `text/event-stream` (HTML standard, "Server-sent events"). */
export interface ServerEvent {
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

/** Takes text as it arrives and gives the messages that are complete; comments and `retry` are passed over. */
export function eventStreamParser(): (chunk: string) => ServerEvent[] {
  let rest = "";
  let id = "";
  let event = "";
  let data: string[] = [];
  let begun = false;

  function take(line: string, out: ServerEvent[]): void {
    if (line === "") {
      if (data.length > 0) out.push({ id, event: event || "message", data: data.join("\n") });
      event = "";
      data = [];
      return;
    }
    const colon = line.indexOf(":");
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "data") data.push(value);
    else if (field === "event") event = value;
    else if (field === "id" && !value.includes("\0")) id = value;
  }

  return (chunk) => {
    rest += chunk;
    if (!begun && rest !== "") {
      begun = true;
      rest = rest.replace(/^\uFEFF/, "");
    }
    const out: ServerEvent[] = [];
    for (;;) {
      const end = /\r\n|\n|\r(?!$)/.exec(rest);
      if (end === null) return out;
      take(rest.slice(0, end.index), out);
      rest = rest.slice(end.index + end[0].length);
    }
  };
}

/** The messages of a body. Throws when nothing at all arrives for `idleMs`. */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  idleMs: number,
): AsyncGenerator<ServerEvent, void> {
  const parse = eventStreamParser();
  const decoder = new TextDecoder();
  const reader = body.getReader();
  try {
    for (;;) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const idle = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error("The event stream fell silent.")), idleMs);
      });
      const { done, value } = await Promise.race([reader.read(), idle]).finally(() => clearTimeout(timer));
      if (done) return;
      yield* parse(decoder.decode(value, { stream: true }));
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
