export interface BlobInfo {
  readonly key: string;
  readonly size: number;
  readonly uploadedAt: Date;
}

/** An object store. Keys begin with the tenant id; `tenantKey` makes them. */
export interface BlobPort {
  put(
    key: string,
    body: ReadableStream<Uint8Array> | Uint8Array | string,
    contentType?: string,
  ): Promise<BlobInfo>;
  /** Null when there is no such object. `range` is in bytes. */
  get(
    key: string,
    range?: { offset: number; length?: number },
  ): Promise<{ body: ReadableStream<Uint8Array>; info: BlobInfo } | null>;
  head(key: string): Promise<BlobInfo | null>;
  delete(keys: readonly string[]): Promise<void>;
  list(prefix: string, cursor?: string): Promise<{ items: readonly BlobInfo[]; cursor?: string }>;
}

/** The key of a tenant's object; segments can't climb out of the tenant. */
export function tenantKey(tenantId: string, ...segments: readonly string[]): string {
  for (const segment of [tenantId, ...segments]) {
    if (!/^[\w.-]+$/.test(segment) || segment === "." || segment === "..")
      throw new RangeError(`not a key segment: ${segment}`);
  }
  return [tenantId, ...segments].join("/");
}
