import { defineOperation } from "../../../../kernel/operation.ts";
import { doneOf } from "../../words.ts";
import { copyEncrypted } from "../copy-encrypted.ts";
import { EncryptImage, Image } from "../schemas.ts";

export const encryptImage = defineOperation({
  action: "harvester.image.encrypt",
  effect: "write",
  scope: "clusters:write",
  summary: "Make an encrypted copy of an image",
  input: EncryptImage,
  output: doneOf(Image),
  raises: [
    "not_found",
    "conflict",
    "limit_reached",
    "forbidden",
    "unavailable",
    "upstream_failed",
    "timeout",
  ],
  resource: ({ id }) => `cluster:${id}/images`,
  run: (ctx, asked) => copyEncrypted(ctx, asked, "encrypt"),
});
