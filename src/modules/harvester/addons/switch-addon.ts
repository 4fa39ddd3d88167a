import type { Ctx } from "../../../kernel/context.ts";
import { pathOf } from "../kube/paths.rules.ts";
import { openWholeCluster } from "../reach.ts";
import { entityOf, settleFollowed } from "../settle.ts";
import { mustSwitch, readAddon } from "./addon.rules.ts";

/** Switches an add-on on or off. */
export async function switchAddon(
  ctx: Ctx,
  at: { readonly id: string; readonly namespace: string; readonly name: string },
  enabled: boolean,
) {
  const kube = await openWholeCluster(ctx, at.id);
  const path = pathOf("harvester", "addons", at);
  const before = readAddon(await kube.get(path));
  mustSwitch(before, enabled);
  const { resourceVersion } = before;
  const done = await kube.patch(path, "merge", { metadata: { resourceVersion }, spec: { enabled } });
  const { id: clusterId, namespace, name } = at;
  const target = { kind: "addon.switch", clusterId, namespace, name } as const;
  return settleFollowed(ctx, entityOf(at, "addons"), done, readAddon, target, before);
}
