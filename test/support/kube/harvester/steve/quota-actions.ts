import { isAmount } from "../admission/amounts.ts";
import { ensured } from "../admission/look.ts";
import { type Fields, fieldsAt, textAt } from "../machines/fields.ts";
import { quantityOf } from "../machines/quantity.ts";
import { invalidBody, permissionDenied } from "./action-fault.ts";
import { type Action, type Asked, create, inputOf, kube } from "./asking.ts";
import { mayEditQuota } from "./machine-facts.ts";
import { kubePath } from "./steve-types.ts";

const NAME = "default-resource-quota";

/** Writes the snapshot quota of a namespace; `edit` returns whether there is anything to write. */
async function editQuota(asked: Asked, namespace: string, edit: (limits: Fields) => boolean): Promise<void> {
  const { world, request } = asked;
  if (!mayEditQuota(request, namespace)) {
    throw permissionDenied("User does not have permission to update resource quota");
  }
  const kind = world.store.kindOf("harvesterhci.io", "resourcequotas");
  const quota = world.store.find(kind, namespace, NAME);
  if (quota === undefined) {
    const limits: Fields = {};
    if (edit(limits)) {
      await create(asked, { kind }, namespace, { name: NAME }, { spec: { snapshotLimit: limits } });
    }
    return;
  }
  if (edit(ensured(quota, "spec", "snapshotLimit"))) {
    await kube(asked, "PUT", kubePath(kind, namespace, NAME), quota);
  }
}

async function bytesAsked(asked: Asked): Promise<number> {
  const written = textAt(await inputOf(asked), "totalSnapshotSizeQuota");
  if (!isAmount(written)) {
    throw invalidBody(
      "Failed to parse totalSnapshotSizeQuota: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    );
  }
  return quantityOf(written);
}

/** Of one machine: in its namespace's quota, by name. */
export const machineQuotaActions: Readonly<Record<string, Action>> = {
  async updateResourceQuota(asked) {
    const bytes = await bytesAsked(asked);
    await editQuota(asked, asked.namespace, (limits) => {
      const known = limits["vmTotalSnapshotSizeQuota"] !== undefined;
      if (bytes === 0 && !known) return false;
      ensured(limits, "vmTotalSnapshotSizeQuota")[asked.name] = bytes;
      return true;
    });
    return undefined;
  },
  async deleteResourceQuota(asked) {
    await editQuota(asked, asked.namespace, (limits) => {
      if (fieldsAt(limits, "vmTotalSnapshotSizeQuota")[asked.name] === undefined) return false;
      delete ensured(limits, "vmTotalSnapshotSizeQuota")[asked.name];
      return true;
    });
    return undefined;
  },
};

/** Of a whole namespace. Both answer 200 without a body. */
export const namespaceActions: Readonly<Record<string, Action>> = {
  async updateResourceQuota(asked) {
    const bytes = await bytesAsked(asked);
    await editQuota(asked, asked.name, (limits) => {
      limits["namespaceTotalSnapshotSizeQuota"] = bytes;
      return true;
    });
    return { status: 200 };
  },
  async deleteResourceQuota(asked) {
    await editQuota(asked, asked.name, (limits) => {
      if (limits["namespaceTotalSnapshotSizeQuota"] === undefined) return false;
      limits["namespaceTotalSnapshotSizeQuota"] = 0;
      return true;
    });
    return { status: 200 };
  },
};
