import type { Ctx } from "../../../kernel/context.ts";
import type { Page } from "../../../kernel/page.ts";
import { mustReachNamespace, reachableNamespaces } from "../../clusters/index.ts";
import { kubeOf } from "./kube.ts";
import { listCursor, listPlaceOf } from "./list-cursor.rules.ts";
import type { KubeList, KubeObject } from "./object.ts";
import { type Group, pathOf } from "./paths.rules.ts";

export interface ListQuery {
  readonly id: string;
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly labels?: string | undefined;
  readonly namespace?: string | undefined;
}

export interface ListedKind {
  readonly group: Group;
  readonly plural: string;
  /** Objects of the whole cluster belong to no namespace. */
  readonly ofCluster?: true;
}

/** How many namespaces one page may look into: empty ones give nothing, and a page must end. */
const mostNamespaces = 25;

/**
 * One page of a kind: of a namespace, or of all namespaces that the caller reaches, one after the other in order of
 * their names. The cursor carries the API's own continue token, so a page is of the state that the first one showed.
 */
export async function listObjects(
  ctx: Ctx,
  { id, limit, cursor, labels, namespace }: ListQuery,
  kind: ListedKind,
): Promise<Page<KubeObject>> {
  const place = listPlaceOf(kind.plural, cursor);
  const reached = await namespacesOf(ctx, id, kind, namespace);
  const kube = kubeOf(ctx, id);
  const read = (at: string, most: number, token: string): Promise<KubeList> =>
    kube.list(pathOf(kind.group, kind.plural, at === "" ? {} : { namespace: at }), {
      query: { limit: most, continue: token === "" ? undefined : token, labelSelector: labels },
    });
  const items: KubeObject[] = [];
  const rest = reached.filter((one) => place === undefined || one >= place.namespace);
  for (const [index, at] of rest.entries()) {
    if (index === mostNamespaces)
      return { items, nextCursor: listCursor(kind.plural, { namespace: at, token: "" }) };
    const token = at === place?.namespace ? place.token : "";
    const page = await read(at, limit - items.length, token);
    items.push(...page.items);
    const more = page.metadata.continue ?? "";
    if (more !== "") return { items, nextCursor: listCursor(kind.plural, { namespace: at, token: more }) };
    const next = rest[index + 1];
    if (items.length >= limit && next !== undefined)
      return { items, nextCursor: listCursor(kind.plural, { namespace: next, token: "" }) };
  }
  return { items, nextCursor: null };
}

/** The namespaces to be listed, sorted; one empty name stands for the list across all of them. */
async function namespacesOf(
  ctx: Ctx,
  id: string,
  kind: ListedKind,
  namespace: string | undefined,
): Promise<readonly string[]> {
  if (namespace !== undefined) {
    await mustReachNamespace(ctx, id, namespace);
    return [namespace];
  }
  const reached = await reachableNamespaces(ctx, id);
  return kind.ofCluster || reached === undefined ? [""] : [...reached].sort();
}
