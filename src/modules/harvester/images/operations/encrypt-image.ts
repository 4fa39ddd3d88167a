import { defineOperation } from "../../../../kernel/operation.ts";
import { writeRaises } from "../../raises.ts";
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
  raises: writeRaises,
  resource: ({ id }) => `cluster:${id}/images`,
  run: (ctx, asked) => copyEncrypted(ctx, asked, "encrypt"),
});
