import type { Kube } from "../kube/kube.ts";
import { pathOf } from "../kube/paths.rules.ts";
import { readImage } from "./read-image.rules.ts";
import type { Image } from "./schemas.ts";

export const imagePath = ({ namespace, name }: { namespace: string; name?: string }): string =>
  pathOf("harvester", "virtualmachineimages", { namespace, name });

/** @throws not_found `harvester.unknown` */
export async function mustFindImage(kube: Kube, at: { namespace: string; name: string }): Promise<Image> {
  return readImage(await kube.get(imagePath(at)));
}
