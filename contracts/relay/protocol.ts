/** The version that this code speaks, and the oldest that it still understands. */
export const protocol = { version: 1, oldest: 1 } as const;

/** Bounds of a link between relay and agent. Bytes, unless the name says otherwise. */
export const linkLimits = {
  /** The largest payload of one frame. */
  frameBytes: 1024 * 1024,
  /** What a stream's data is cut into. */
  chunkBytes: 64 * 1024,
  /** How much of a stream may be on its way before its reader gave credit for more. */
  windowBytes: 1024 * 1024,
  /** The largest head of a request or an answer, as JSON. */
  headBytes: 64 * 1024,
  /** A whole answer up to this size travels in one frame. */
  fullAnswerBytes: 64 * 1024,
  /** Frames received before a cumulative acknowledgement is sent. */
  ackEveryFrames: 32,
  /** Unacknowledged frames kept for a resumption; above it the stream that asks for more is dropped. */
  unackedBytes: 8 * 1024 * 1024,
  /** Streams open at once on one link. */
  streams: 1024,
} as const;

/** The text that keeps a link alive; the runtime answers it without waking the relay. */
export const keepAlive = { ping: "ping", pong: "pong", intervalMs: 20_000, lostAfterMs: 50_000 } as const;

/** Why a link was closed (WebSocket close codes of the private range). */
export const closeCodes = {
  protocolError: 4400,
  unauthenticated: 4401,
  revoked: 4403,
  /** The same agent connected again; the older connection gives way. */
  replaced: 4409,
  /** The relay doesn't speak the agent's protocol version. */
  incompatible: 4426,
  /** The peer was silent for too long. */
  lost: 4408,
  removed: 4410,
} as const;
