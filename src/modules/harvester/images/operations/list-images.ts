import { defineOperation } from "../../../../kernel/operation.ts";
import { pageOf } from "../../../../kernel/page.ts";
import { listObjects } from "../../kube/list-objects.ts";
import { readRaises } from "../../raises.ts";
import { NamespacedList } from "../../words.ts";
import { readImage } from "../read-image.rules.ts";
import { Image } from "../schemas.ts";

export const listImages = defineOperation({
  action: "harvester.image.list",
  effect: "read",
  scope: "clusters:read",
  summary: "List the images that virtual machines can be made from",
  input: NamespacedList,
  output: pageOf(Image),
  raises: readRaises,
  async run(ctx, input) {
    const page = await listObjects(ctx, input, { group: "harvester", plural: "virtualmachineimages" });
    return { ...page, items: page.items.map(readImage) };
  },
});
