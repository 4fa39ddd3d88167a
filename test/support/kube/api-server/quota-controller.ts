import type { Controller, World } from "../words.ts";
import { isRecord, readPath, same } from "./json.ts";
import { resourceKey } from "./kinds.ts";
import { quantityText } from "./quantity.ts";
import { hardOf, usedIn } from "./quota.ts";

/** Keeps `status.used` of quotas to what their namespaces use. */
export const quotaController: Controller = {
  name: "quota-controller",
  start(world) {
    const quotas = world.store.kindOf("", "resourcequotas");
    for (const { metadata } of world.store.list(quotas)) count(world, metadata.namespace ?? "");
    world.store.onChange(({ type, kind, object }) => {
      if (object.metadata.namespace === undefined) return;
      const isQuota = resourceKey(kind) === resourceKey(quotas);
      if (!isQuota || type !== "DELETED") count(world, object.metadata.namespace);
    });
  },
};

function count({ store }: World, namespace: string): void {
  const quotas = store.kindOf("", "resourcequotas");
  for (const quota of store.list(quotas, namespace)) {
    const used = usedIn(store, namespace, Object.keys(hardOf(quota)));
    const hard = readPath(quota, "spec.hard");
    const status = {
      ...(isRecord(hard) ? { hard } : {}),
      used: Object.fromEntries(Object.entries(used).map(([key, amount]) => [key, quantityText(amount)])),
    };
    if (same(quota["status"], { ...(isRecord(quota["status"]) ? quota["status"] : {}), ...status })) continue;
    store.edit(quotas, namespace, quota.metadata.name, (stored) => {
      stored["status"] = { ...(isRecord(stored["status"]) ? stored["status"] : {}), ...status };
    });
  }
}
