import type { KubeObject, World } from "../../words.ts";
import { numberAt } from "../machines/fields.ts";

/** More than this of one image is not kept: what it was is made up again when it is asked for. */
const KEPT_BYTES = 64 * 2 ** 20;
const PIECE_BYTES = 64 * 2 ** 10;

const kept = new WeakMap<World, Map<string, Uint8Array>>();

export function keepImage(world: World, uid: string, parts: readonly Uint8Array[]): void {
  const images = kept.get(world) ?? new Map<string, Uint8Array>();
  images.set(uid, Buffer.concat(parts));
  kept.set(world, images);
}

/** The bytes of an image: those that were uploaded, else a pattern of the size it has. */
export async function* imageBytes(world: World, image: KubeObject): AsyncGenerator<Uint8Array> {
  const known = kept.get(world)?.get(image.metadata.uid);
  if (known !== undefined) {
    yield known;
    return;
  }
  const piece = Buffer.alloc(PIECE_BYTES, image.metadata.uid);
  let left = numberAt(image, "status", "size") ?? 0;
  for (; left > 0; left -= piece.length) yield piece.subarray(0, Math.min(left, piece.length));
}

/** What a reader of a multipart body finds in its only part. */
export interface ReadPart {
  readonly bytes: number;
  /** The part itself; absent when it is larger than what is kept. */
  readonly content?: readonly Uint8Array[];
}

/**
 * Reads the one part of a multipart body as it comes in.
 * @param onBytes how much of the part is there so far
 * @throws Error when the body is no multipart body of that boundary
 */
export async function readPart(
  body: AsyncIterable<Uint8Array>,
  boundary: string,
  onBytes: (bytes: number) => void,
): Promise<ReadPart> {
  const ending = Buffer.from(`\r\n--${boundary}--`);
  const reserve = ending.length + 2;
  let head: Buffer | undefined = Buffer.alloc(0);
  let tail = Buffer.alloc(0);
  let bytes = 0;
  let content: Uint8Array[] | undefined = [];
  const take = (chunk: Buffer) => {
    const joined = Buffer.concat([tail, chunk]);
    const ready = joined.subarray(0, Math.max(0, joined.length - reserve));
    tail = Buffer.from(joined.subarray(ready.length));
    bytes += ready.length;
    if (bytes > KEPT_BYTES) content = undefined;
    if (ready.length > 0) content?.push(Buffer.from(ready));
    onBytes(bytes);
  };
  for await (const chunk of body) {
    if (head === undefined) {
      take(Buffer.from(chunk));
      continue;
    }
    head = Buffer.concat([head, chunk]);
    const start = head.indexOf("\r\n\r\n");
    if (start < 0) continue;
    if (!head.toString("latin1", 0, start).includes(`--${boundary}`)) {
      throw new Error("multipart: NextPart: EOF");
    }
    const first = head.subarray(start + 4);
    head = undefined;
    take(Buffer.from(first));
  }
  const end = tail.lastIndexOf(ending);
  if (head !== undefined || end < 0) throw new Error("unexpected EOF");
  const last = tail.subarray(0, end);
  bytes += last.length;
  content?.push(Buffer.from(last));
  onBytes(bytes);
  return { bytes, ...(content === undefined ? {} : { content }) };
}
