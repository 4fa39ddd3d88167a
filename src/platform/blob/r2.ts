import type { BlobInfo, BlobPort } from "../../kernel/ports/blob.ts";

const infoOf = (object: R2Object): BlobInfo => ({
  key: object.key,
  size: object.size,
  uploadedAt: object.uploaded,
});

/** Objects in R2. A stream of unknown length is cut into parts, so that no object is held in memory whole. */
export function r2Blobs(bucket: R2Bucket): BlobPort {
  return {
    async put(key, body, contentType) {
      const options = contentType ? { httpMetadata: { contentType } } : {};
      if (!(body instanceof ReadableStream)) return infoOf(await bucket.put(key, body, options));
      return putInParts(bucket, key, body, options);
    },
    async get(key, range) {
      const object = await bucket.get(key, range ? { range } : {});
      return object === null ? null : { body: object.body, info: infoOf(object) };
    },
    async head(key) {
      const object = await bucket.head(key);
      return object === null ? null : infoOf(object);
    },
    async delete(keys) {
      for (let i = 0; i < keys.length; i += 1000) await bucket.delete(keys.slice(i, i + 1000));
    },
    async list(prefix, cursor) {
      const page = await bucket.list(cursor ? { prefix, cursor } : { prefix });
      return { items: page.objects.map(infoOf), ...(page.truncated ? { cursor: page.cursor } : {}) };
    },
  };
}

// R2 wants parts of one size (the last may be shorter) and at least 5 MiB.
const partBytes = 8 * 1024 * 1024;

async function putInParts(
  bucket: R2Bucket,
  key: string,
  stream: ReadableStream<Uint8Array>,
  options: R2MultipartOptions,
): Promise<BlobInfo> {
  let upload: R2MultipartUpload | undefined;
  const parts: R2UploadedPart[] = [];
  let part = new Uint8Array(partBytes);
  let filled = 0;
  try {
    for await (const chunk of stream) {
      let rest = chunk;
      while (rest.byteLength > 0) {
        const taken = rest.subarray(0, partBytes - filled);
        part.set(taken, filled);
        filled += taken.byteLength;
        rest = rest.subarray(taken.byteLength);
        if (filled === partBytes) {
          upload ??= await bucket.createMultipartUpload(key, options);
          parts.push(await upload.uploadPart(parts.length + 1, part));
          part = new Uint8Array(partBytes);
          filled = 0;
        }
      }
    }
    if (upload === undefined) return infoOf(await bucket.put(key, part.subarray(0, filled), options));
    if (filled > 0) parts.push(await upload.uploadPart(parts.length + 1, part.subarray(0, filled)));
    return infoOf(await upload.complete(parts));
  } catch (error) {
    await upload?.abort().catch(() => {});
    throw error;
  }
}
