import type { BlobInfo, BlobPort } from "../../kernel/ports/blob.ts";

/** Objects in memory: for evaluation without a Worker, and the twin of R2 in tests. */
export function memoryBlobs(now: () => Date = () => new Date(0)): BlobPort {
  const objects = new Map<string, { bytes: Uint8Array<ArrayBuffer>; info: BlobInfo }>();
  return {
    async put(key, body) {
      const bytes = new Uint8Array(await new Response(body as BodyInit).arrayBuffer());
      const info = { key, size: bytes.byteLength, uploadedAt: now() };
      objects.set(key, { bytes, info });
      return info;
    },
    async get(key, range) {
      const object = objects.get(key);
      if (object === undefined) return null;
      const from = range?.offset ?? 0;
      const to = range?.length === undefined ? undefined : from + range.length;
      const body = new Response(object.bytes.slice(from, to)).body as ReadableStream<Uint8Array>;
      return { body, info: object.info };
    },
    async head(key) {
      return objects.get(key)?.info ?? null;
    },
    async delete(keys) {
      for (const key of keys) objects.delete(key);
    },
    async list(prefix) {
      const found = [...objects.values()].filter(({ info }) => info.key.startsWith(prefix));
      return { items: found.map(({ info }) => info).sort((a, b) => (a.key < b.key ? -1 : 1)) };
    },
  };
}
