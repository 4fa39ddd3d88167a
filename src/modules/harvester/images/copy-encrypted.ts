import type * as z from "zod";
import type { Ctx } from "../../../kernel/context.ts";
import { mustReachNamespace } from "../../clusters/index.ts";
import { openNamespace } from "../reach.ts";
import { entityOf, settleFollowed } from "../settle.ts";
import { imagePath, mustFindImage } from "./find-image.ts";
import { encryptedOf } from "./image.rules.ts";
import { readImage } from "./read-image.rules.ts";
import type { EncryptImage } from "./schemas.ts";

/** Makes an encrypted or decrypted copy of an image that is there. */
export async function copyEncrypted(
  ctx: Ctx,
  asked: z.output<typeof EncryptImage>,
  operation: "encrypt" | "decrypt",
) {
  const kube = await openNamespace(ctx, asked.id, asked.namespace);
  const namespace = asked.imageNamespace ?? asked.namespace;
  await mustReachNamespace(ctx, asked.id, namespace);
  await mustFindImage(kube, asked);
  const done = await kube.create(imagePath({ namespace }), encryptedOf(asked, operation), {
    pointers: {
      "spec.displayName": "/displayName",
      "metadata.annotations": "/storageClass",
      metadata: "/newName",
    },
  });
  const name = done.object?.metadata.name ?? asked.newName ?? asked.displayName;
  const target = { kind: "image.import", clusterId: asked.id, namespace, name } as const;
  return settleFollowed(ctx, entityOf({ id: asked.id, namespace }, "images", name), done, readImage, target);
}
