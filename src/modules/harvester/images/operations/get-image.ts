import { defineOperation } from "../../../../kernel/operation.ts";
import { readRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { NamedRef } from "../../words.ts";
import { mustFindImage } from "../find-image.ts";
import { Image } from "../schemas.ts";

export const getImage = defineOperation({
  action: "harvester.image.get",
  effect: "read",
  scope: "clusters:read",
  summary: "Show an image, with how far its import has come",
  input: NamedRef,
  output: Image,
  raises: readRaises,
  async run(ctx, at) {
    return mustFindImage(await openNamespace(ctx, at.id, at.namespace), at);
  },
});
