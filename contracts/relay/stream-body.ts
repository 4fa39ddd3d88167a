import type { StreamFailure } from "./command.ts";
import type { FrameType } from "./frame.ts";
import { type LinkStream, StreamEnded } from "./link-stream.ts";
import { linkLimits } from "./protocol.ts";

/** The body that comes on a stream, as a Web Stream. Bytes wait here until they are read; then credit is given back. */
export class StreamBody {
  readonly #stream: LinkStream;
  #queue: { bytes: Uint8Array; counted: boolean }[] = [];
  #state: "open" | "ended" | StreamFailure = "open";
  #wake: (() => void) | undefined;

  constructor(stream: LinkStream) {
    this.#stream = stream;
  }

  /** Bytes that came: of a data frame, which are counted against credit, or those beside a head, which are not. */
  put(bytes: Uint8Array, counted = true): void {
    if (bytes.byteLength > 0) this.#queue.push({ bytes, counted });
    this.#go();
  }

  end(): void {
    if (this.#state === "open") this.#state = "ended";
    this.#go();
  }

  fail(failure: StreamFailure): void {
    if (this.#state === "open") this.#state = failure;
    this.#go();
  }

  /**
   * The body to read. `bytes` makes a byte stream, which takes the buffers of what was put: only where each frame has a
   * buffer of its own. `gone` is called when the reader cancels.
   */
  readable(kind: "bytes" | "plain", gone: () => void): ReadableStream<Uint8Array> {
    const pull = async (
      controller: ReadableByteStreamController | ReadableStreamDefaultController<Uint8Array>,
    ): Promise<void> => {
      while (this.#queue.length === 0 && this.#state === "open")
        await new Promise<void>((go) => {
          this.#wake = go;
        });
      const next = this.#queue.shift();
      if (next !== undefined) {
        const size = next.bytes.byteLength;
        controller.enqueue(next.bytes as Uint8Array<ArrayBuffer>);
        if (next.counted) this.#stream.consumed(size);
      } else if (this.#state === "ended") {
        controller.close();
        if ("byobRequest" in controller) controller.byobRequest?.respond(0);
      } else if (this.#state !== "open") {
        controller.error(new StreamEnded(this.#state));
      }
    };
    const cancel = (): void => {
      this.#queue = [];
      this.#state = "ended";
      gone();
    };
    if (kind === "bytes") return new ReadableStream({ type: "bytes", pull, cancel });
    return new ReadableStream({ pull, cancel }, { highWaterMark: 0 });
  }

  /** Everything, as one piece of at most `maxBytes`. @throws StreamEnded; RangeError when there is more */
  async whole(maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
    const parts: Uint8Array[] = [];
    let size = 0;
    const reader = this.readable("plain", () => {}).getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      size += next.value.byteLength;
      if (size > maxBytes) {
        await reader.cancel();
        throw new RangeError(`more than ${maxBytes} bytes`);
      }
      parts.push(next.value);
    }
    const all = new Uint8Array(size);
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.byteLength;
    }
    return all;
  }

  #go(): void {
    const go = this.#wake;
    this.#wake = undefined;
    go?.();
  }
}

/**
 * Sends a Web Stream as data frames of a stream, as credit allows, and nothing after it; the source is cancelled when
 * the stream ends meanwhile. Byte streams are read into a large buffer, since small reads cost a frame each.
 * @throws StreamEnded, or what the source failed with
 */
export async function sendBody(
  stream: LinkStream,
  type: FrameType,
  source: ReadableStream<Uint8Array>,
): Promise<void> {
  const byob = byobReader(source);
  if (byob === undefined) {
    const reader = source.getReader();
    try {
      for (let next = await reader.read(); !next.done; next = await reader.read())
        await stream.write(type, next.value);
    } catch (error) {
      await reader.cancel(error).catch(() => {});
      throw error;
    }
    return;
  }
  try {
    let buffer = new ArrayBuffer(linkLimits.chunkBytes);
    for (;;) {
      const { value, done } = await readLarge(byob, buffer);
      if (value !== undefined && value.byteLength > 0) await stream.write(type, value);
      if (done || value === undefined) return;
      buffer = value.buffer as ArrayBuffer;
    }
  } catch (error) {
    await byob.cancel(error).catch(() => {});
    throw error;
  }
}

function byobReader(source: ReadableStream<Uint8Array>): ReadableStreamBYOBReader | undefined {
  try {
    return source.getReader({ mode: "byob" });
  } catch {
    return undefined;
  }
}

type AtLeast = {
  readAtLeast?(
    min: number,
    view: Uint8Array<ArrayBuffer>,
  ): Promise<{ value?: Uint8Array<ArrayBuffer>; done: boolean }>;
};

/** Fills the buffer as far as possible: `readAtLeast` where the runtime has it (workerd), `min` where it has that. */
async function readLarge(
  reader: ReadableStreamBYOBReader,
  buffer: ArrayBuffer,
): Promise<{ value?: Uint8Array<ArrayBuffer> | undefined; done: boolean }> {
  const view = new Uint8Array(buffer);
  const atLeast = (reader as AtLeast).readAtLeast;
  if (atLeast !== undefined) return atLeast.call(reader, view.byteLength, view);
  return reader.read(view);
}
