/** What is still read of a body that was refused: a sender that is cut off in the middle never sees the answer. */
const discardedBytes = 320 * 1024 * 1024;
/** How long the answer waits for the rest of such a body. */
const patienceMs = 20_000;

export interface CountedBody {
  readonly stream: ReadableStream<Uint8Array>;
  /** To be called when nobody wants more of the body: resolves when its rest has been read, as far as that is waited for. */
  readonly heardOut: () => Promise<void>;
}

/**
 * A body that fails with `tooLarge()` once more than `maxBytes` have come. Before that failure, and before the end of a
 * cancel, the rest of it is heard out.
 */
export function countedBody(
  body: ReadableStream<Uint8Array>,
  maxBytes: number,
  tooLarge: () => Error,
  after: (work: Promise<unknown>) => void,
): CountedBody {
  const reader = body.getReader();
  let size = 0;
  let rest: Promise<void> | undefined;
  // A body in workerd takes one read at a time and refuses the second.
  let lastRead: Promise<unknown> = Promise.resolve();
  const leave = () => {
    rest ??= hearOut(reader, after, lastRead);
    return rest;
  };
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const read = reader.read();
        lastRead = read;
        const { done, value } = await read;
        if (done) {
          rest ??= Promise.resolve();
          controller.close();
          return;
        }
        size += value.byteLength;
        if (size <= maxBytes) {
          controller.enqueue(value);
          return;
        }
        await leave();
        controller.error(tooLarge());
      },
      cancel: leave,
    },
    { highWaterMark: 0 },
  );
  return { stream, heardOut: leave };
}

/**
 * Reads the rest of a body that nobody wants, up to a bound, and then hangs up. Waits some seconds for it; a slower sender
 * is read on `after` the answer. Never throws.
 */
export async function hearOut(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  after: (work: Promise<unknown>) => void,
  lastRead: Promise<unknown> = Promise.resolve(),
): Promise<void> {
  const reading = discard(reader, lastRead);
  after(reading);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patienceMs);
  });
  await Promise.race([reading, patience]);
  clearTimeout(timer);
}

async function discard(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  lastRead: Promise<unknown>,
): Promise<void> {
  try {
    await lastRead;
    for (let left = discardedBytes; left > 0; ) {
      const { done, value } = await reader.read();
      if (done) return;
      left -= value.byteLength;
    }
    await reader.cancel();
  } catch {
    // The sender has gone.
  }
}
