import { defineOperation } from "../../../../kernel/operation.ts";
import { pageOf } from "../../../../kernel/page.ts";
import { listObjects } from "../../kube/list-objects.ts";
import { readRaises } from "../../raises.ts";
import { NamespacedList } from "../../words.ts";
import { keyOf } from "../read-key.rules.ts";
import { SshKey } from "../schemas.ts";

export const listKeys = defineOperation({
  action: "harvester.ssh_key.list",
  effect: "read",
  scope: "clusters:read",
  summary: "List the SSH keys that virtual machines of a cluster can let in",
  input: NamespacedList,
  output: pageOf(SshKey),
  raises: readRaises,
  resource: ({ id }) => `cluster:${id}`,
  async run(ctx, query) {
    const page = await listObjects(ctx, query, { group: "harvester", plural: "keypairs" });
    return { ...page, items: page.items.map(keyOf) };
  },
});
