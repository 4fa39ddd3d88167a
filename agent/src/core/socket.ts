/** A WebSocket to the relay, as the core needs it. */
export interface RelaySocket {
  send(data: string | Uint8Array): void;
  close(code: number, reason: string): void;
  /** Ends it without waiting for the other side. */
  terminate(): void;
}

export interface RelaySocketTaker {
  text(message: string): void;
  bytes(bytes: Uint8Array): void;
  /** Once, and last. */
  closed(code: number, reason: string): void;
}

/** Opens a WebSocket. @throws when it can't be opened */
export type Dial = (url: string, taker: RelaySocketTaker) => Promise<RelaySocket>;
