import * as z from "zod";
import { defineOperation } from "../../../../kernel/operation.ts";
import { textsAt } from "../../kube/fields.rules.ts";
import { stevePath } from "../../kube/paths.rules.ts";
import { readRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf } from "../../settle.ts";
import { NamedRef } from "../../words.ts";
import { machineKind, mustTake } from "../find-machine.ts";

export const listMigrationHosts = defineOperation({
  action: "harvester.migration_host.list",
  effect: "read",
  scope: "clusters:read",
  summary: "Name the hosts that a running virtual machine can migrate to",
  input: NamedRef,
  output: z.strictObject({ hosts: z.array(z.string()) }).meta({ id: "MigrationHosts" }),
  raises: [...readRaises, "conflict"],
  resource: (at) => entityOf(at, machineKind),
  async run(ctx, at) {
    const kube = await openNamespace(ctx, at.id, at.namespace);
    await mustTake(kube, at, "migrate");
    const { object } = await kube.ask(
      "POST",
      stevePath("kubevirt.io.virtualmachines", at.namespace, at.name),
      {},
      { query: { action: "findMigratableNodes" } },
    );
    return { hosts: textsAt(object, "nodes") };
  },
});
