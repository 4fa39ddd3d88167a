import type * as z from "zod";
import { problem } from "../../../kernel/problem.ts";
import type { CloneImage, CreateImage, EncryptImage, Image, UpdateImage } from "./schemas.ts";

const kind = { apiVersion: "harvesterhci.io/v1beta1", kind: "VirtualMachineImage" } as const;

interface Named {
  readonly namespace: string;
  readonly name: string | undefined;
}

const metaOf = ({ namespace, name }: Named, more: Readonly<Record<string, unknown>> = {}) => ({
  namespace,
  ...(name === undefined ? { generateName: "image-" } : { name }),
  ...more,
});

/** The object of an image that is downloaded or will be uploaded. */
export function imageOf(asked: z.output<typeof CreateImage>): Record<string, unknown> {
  const { source, storageClass, labels, description } = asked;
  const annotations =
    storageClass === undefined ? {} : { annotations: { "harvesterhci.io/storageClassName": storageClass } };
  return {
    ...kind,
    metadata: metaOf(
      { namespace: asked.namespace, name: asked.name },
      {
        ...annotations,
        ...(labels === undefined ? {} : { labels }),
      },
    ),
    spec: {
      displayName: asked.displayName,
      ...(description === undefined ? {} : { description }),
      sourceType: source.kind,
      ...(source.kind === "download"
        ? {
            url: source.url,
            retry: source.retries,
            ...(source.checksum === undefined ? {} : { checksum: source.checksum }),
          }
        : {}),
    },
  };
}

/** The object of an encrypted or decrypted copy of an image. */
export function encryptedOf(
  asked: z.output<typeof EncryptImage>,
  operation: "encrypt" | "decrypt",
): Record<string, unknown> {
  return {
    ...kind,
    metadata: metaOf(
      { namespace: asked.imageNamespace ?? asked.namespace, name: asked.newName },
      { annotations: { "harvesterhci.io/storageClassName": asked.storageClass } },
    ),
    spec: {
      displayName: asked.displayName,
      sourceType: "clone",
      securityParameters: {
        cryptoOperation: operation,
        sourceImageName: asked.name,
        sourceImageNamespace: asked.namespace,
      },
    },
  };
}

/**
 * The object of a plain copy: the same download once more, since Harvester copies images only to encrypt or decrypt them.
 * @throws conflict `harvester.image_not_downloaded`
 */
export function againOf(asked: z.output<typeof CloneImage>, image: Image): Record<string, unknown> {
  if (image.source !== "download" || image.url === null) {
    throw problem(
      "conflict",
      "harvester.image_not_downloaded",
      `The image was made by ${image.source ?? "means unknown"}, so it can't be fetched again. Export a volume of it to a new image instead.`,
    );
  }
  return {
    ...kind,
    metadata: metaOf(
      { namespace: asked.imageNamespace ?? asked.namespace, name: asked.newName },
      { labels: image.labels },
    ),
    spec: {
      displayName: asked.displayName,
      sourceType: "download",
      url: image.url,
      ...(image.checksum === null ? {} : { checksum: image.checksum }),
    },
  };
}

/** The merge patch of an edit. */
export function imageChange({
  resourceVersion,
  description,
  labels,
}: z.output<typeof UpdateImage>): Record<string, unknown> {
  return {
    metadata: { resourceVersion, ...(labels === undefined ? {} : { labels }) },
    spec: {
      ...(description === undefined ? {} : { description }),
    },
  };
}

/** @throws conflict `harvester.wrong_state` unless the image waits for its file */
export function mustWaitForFile(image: Image): void {
  if (image.source !== "upload") {
    throw problem(
      "conflict",
      "harvester.wrong_state",
      `The image is made by ${image.source ?? "other means"}; only images of the source "upload" take a file.`,
    );
  }
  if (image.state === "ready" || image.state === "importing" || image.state === "deleting") {
    throw problem(
      "conflict",
      "harvester.wrong_state",
      `The image is ${image.state} and takes no file. Make a new image for another file.`,
    );
  }
}
