import { linkLimits } from "./protocol.ts";

/** What a frame is for. Streams of even number are opened by the relay, odd ones by the agent. */
export const frameTypes = {
  /** Opens a request: a signed command, then the first bytes of its body. */
  REQ: 1,
  REQ_DATA: 2,
  REQ_END: 3,
  /** The head of an answer whose body follows. */
  RES: 4,
  RES_DATA: 5,
  RES_END: 6,
  /** A whole answer, head and body. */
  RES_FULL: 7,
  /** Gives the other side credit for so many more bytes of a stream (u32). */
  WINDOW: 8,
  /** Ends a stream from either side; the payload is a failure as JSON, or empty. */
  CANCEL: 9,
  /** Opens a WebSocket beyond the agent: a signed command. */
  WS_OPEN: 10,
  /** A message of it: u8 1 for text, 2 for binary, then its bytes. */
  WS_DATA: 11,
  /** u16 close code, then the reason. */
  WS_CLOSE: 12,
  /** Cumulative: all frames up to this number (u32) have arrived. Unnumbered, stream 0. */
  ACK: 13,
  /**
   * The relay begins a new epoch (u32): both sides count from one again. The WebSocket streams that go on in it follow
   * (u32 each); all others are over. Unnumbered, stream 0.
   */
  RESUME: 14,
  /** The agent has begun the epoch (u32). What came before belongs to the old one. Unnumbered, stream 0. */
  RESUMED: 15,
  /** The agent tells something by itself: u32 push id, then JSON. */
  PUSH: 16,
  /** The relay has stored a push (u32). */
  PUSHED: 17,
} as const;
export type FrameType = (typeof frameTypes)[keyof typeof frameTypes];

/** One frame: `u8 type | u32 stream | u32 seq | payload`, big-endian. `seq` counts from 1 in each direction of an epoch; 0 is unnumbered. */
export interface Frame {
  readonly type: FrameType;
  readonly stream: number;
  readonly seq: number;
  readonly payload: Uint8Array;
}

/** Bytes of a frame before its payload. */
export const frameHeadBytes = 9;

const known: ReadonlySet<number> = new Set(Object.values(frameTypes));

/** The bytes of a frame. @throws RangeError when the payload is larger than a frame may be */
export function encodeFrame(
  type: FrameType,
  stream: number,
  seq: number,
  payload: Uint8Array,
): Uint8Array<ArrayBuffer> {
  if (payload.byteLength > linkLimits.frameBytes)
    throw new RangeError(`a frame of ${payload.byteLength} bytes`);
  const bytes = new Uint8Array(frameHeadBytes + payload.byteLength);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, type);
  view.setUint32(1, stream);
  view.setUint32(5, seq);
  bytes.set(payload, frameHeadBytes);
  return bytes;
}

/** Reads a frame; its payload is a view of `bytes`. @throws RangeError when it is none: too short, too large or of an unknown type */
export function decodeFrame(bytes: Uint8Array): Frame {
  if (bytes.byteLength < frameHeadBytes)
    throw new RangeError(`a frame of ${bytes.byteLength} bytes is too short`);
  if (bytes.byteLength > frameHeadBytes + linkLimits.frameBytes)
    throw new RangeError(`a frame of ${bytes.byteLength} bytes is too large`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const type = view.getUint8(0);
  if (!known.has(type)) throw new RangeError(`a frame of unknown type ${type}`);
  return {
    type: type as FrameType,
    stream: view.getUint32(1),
    seq: view.getUint32(5),
    payload: bytes.subarray(frameHeadBytes),
  };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/** `u16 length | JSON | rest`: how a head and the bytes that belong to it share a payload. @throws RangeError when the head is too large */
export function packHead(head: unknown, rest: Uint8Array = new Uint8Array()): Uint8Array<ArrayBuffer> {
  return packBytes(encoder.encode(JSON.stringify(head)), rest);
}

/** The same for a head that is encoded already, as a signed one is. */
export function packBytes(head: Uint8Array, rest: Uint8Array = new Uint8Array()): Uint8Array<ArrayBuffer> {
  if (head.byteLength >= linkLimits.headBytes) throw new RangeError(`a head of ${head.byteLength} bytes`);
  const bytes = new Uint8Array(2 + head.byteLength + rest.byteLength);
  new DataView(bytes.buffer).setUint16(0, head.byteLength);
  bytes.set(head, 2);
  bytes.set(rest, 2 + head.byteLength);
  return bytes;
}

/** Takes a payload apart: the head's bytes, its JSON, and the rest. @throws RangeError or SyntaxError when it is none */
export function unpackHead(payload: Uint8Array): { bytes: Uint8Array; head: unknown; rest: Uint8Array } {
  if (payload.byteLength < 2) throw new RangeError("a payload without a head");
  const length = new DataView(payload.buffer, payload.byteOffset).getUint16(0);
  if (payload.byteLength < 2 + length) throw new RangeError("a head that is cut off");
  const bytes = payload.subarray(2, 2 + length);
  return { bytes, head: JSON.parse(decoder.decode(bytes)), rest: payload.subarray(2 + length) };
}
