import type { Kube } from "./kube.ts";
import type { KubeObject } from "./object.ts";

const pageSize = 500;
const mostPages = 10;

/** The objects of a kind at a path, page by page; at most 5,000, for what an answer is put together from. */
export async function listAll(
  kube: Kube,
  path: string,
  query: Readonly<Record<string, string>> = {},
): Promise<KubeObject[]> {
  const all: KubeObject[] = [];
  let token: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const { items, metadata } = await kube.list(path, {
      query: { ...query, limit: pageSize, continue: token },
    });
    all.push(...items);
    if (metadata.continue === undefined || metadata.continue === "") break;
    token = metadata.continue;
  }
  return all;
}
