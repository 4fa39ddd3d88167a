import { problem } from "../../../kernel/problem.ts";

export interface Multipart {
  readonly contentType: string;
  readonly stream: ReadableStream<Uint8Array>;
}

/**
 * A file as the one part of a form (RFC 7578), streamed: nothing but the piece at hand is in memory.
 * The stream fails with `harvester.size_mismatch` when the file has another length than was said.
 */
export function multipart(
  file: ReadableStream<Uint8Array>,
  part: {
    readonly field: string;
    readonly fileName: string;
    readonly size: number;
    readonly boundary: string;
  },
): Multipart {
  const encoder = new TextEncoder();
  const head = `--${part.boundary}\r\nContent-Disposition: form-data; name="${part.field}"; filename="${part.fileName}"\r\nContent-Type: application/octet-stream\r\n\r\n`;
  const tail = `\r\n--${part.boundary}--\r\n`;
  let seen = 0;
  const wrong = (how: string) =>
    problem(
      "invalid_input",
      "harvester.size_mismatch",
      `The file has ${how} than the ${part.size} bytes that were said.`,
      {
        errors: [{ pointer: "/query/size", code: "wrong_size", message: "The length of the file in bytes." }],
      },
    );
  const stream = file.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      start(controller) {
        controller.enqueue(encoder.encode(head));
      },
      transform(piece, controller) {
        seen += piece.byteLength;
        if (seen > part.size) throw wrong("more");
        controller.enqueue(piece);
      },
      flush(controller) {
        if (seen < part.size) throw wrong("fewer");
        controller.enqueue(encoder.encode(tail));
      },
    }),
  );
  return { contentType: `multipart/form-data; boundary=${part.boundary}`, stream };
}
