const encoder = new TextEncoder();
const pieceChars = 64 * 1024;

/**
 * A byte stream of texts, gathered into pieces of about 64 KiB and made only as fast as the reader reads. An error of
 * the source errors the stream; a cancelled stream ends the source.
 */
export function textStream(texts: AsyncIterable<string> | Iterable<string>): ReadableStream<Uint8Array> {
  const iterator = iterate(texts);
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      let piece = "";
      while (piece.length < pieceChars) {
        const { done, value } = await iterator.next();
        if (done) {
          if (piece !== "") controller.enqueue(encoder.encode(piece));
          controller.close();
          return;
        }
        piece += value;
      }
      controller.enqueue(encoder.encode(piece));
    },
    async cancel() {
      await iterator.return(undefined);
    },
  });
}

async function* iterate(texts: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string, undefined> {
  yield* texts;
  return undefined;
}
