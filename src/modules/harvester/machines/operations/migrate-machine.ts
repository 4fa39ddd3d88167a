import * as z from "zod";
import { defineOperation } from "../../../../kernel/operation.ts";
import { problem } from "../../../../kernel/problem.ts";
import { followAction } from "../../actions/follow-action.ts";
import { textAt } from "../../kube/fields.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settleBare } from "../../settle.ts";
import { NamedField, ObjectName } from "../../words.ts";
import { machineKind, migrationPath, mustTake } from "../find-machine.ts";

const hostKey = "kubernetes.io/hostname";

export const migrateMachine = defineOperation({
  action: "harvester.vm.migrate",
  effect: "write",
  scope: "clusters:write",
  summary: "Move a running virtual machine to another host; followed as a job that can be cancelled",
  input: z.strictObject({
    ...NamedField,
    /** Absent: the cluster chooses. */
    host: ObjectName.optional(),
  }),
  output: z
    .strictObject({
      commandId: z.string(),
      queued: z.boolean(),
      migration: z.string(),
      jobId: z.string(),
    })
    .meta({ id: "VirtualMachineMigration" }),
  raises: writeRaises,
  resource: (at) => entityOf(at, machineKind),
  async run(ctx, { host, ...at }) {
    const { namespace } = at;
    const kube = await openNamespace(ctx, at.id, namespace);
    const found = await mustTake(kube, at, "migrate");
    const from = textAt(found?.instance, "status", "nodeName");
    if (host !== undefined && host === from) throw alreadyThere(host);
    const done = await kube.create(
      migrationPath(namespace),
      {
        apiVersion: "kubevirt.io/v1",
        kind: "VirtualMachineInstanceMigration",
        metadata: { namespace, generateName: `${at.name}-` },
        spec: { vmiName: at.name, ...(host === undefined ? {} : { addedNodeSelector: { [hostKey]: host } }) },
      },
      { pointers: { "spec.addedNodeSelector": "/host", spec: "/name" } },
    );
    const migration = done.object?.metadata.name ?? "";
    if (host !== undefined && textAt(done.object, "spec", "addedNodeSelector", hostKey) !== host) {
      await kube.remove(migrationPath(namespace, migration));
      throw cannotChoose();
    }
    const job = await followAction(ctx, {
      kind: "vm.migrate",
      clusterId: at.id,
      namespace,
      name: migration,
      commandId: done.commandId,
    });
    const after = { migration, from, to: host ?? null, jobId: job.id };
    const { commandId, queued } = await settleBare(ctx, entityOf(at, machineKind), done, { after });
    return { commandId, queued, migration, jobId: job.id };
  },
});

function alreadyThere(host: string) {
  const message = `The machine is on ${host} already. Name another host, or none to let the cluster choose.`;
  return problem("invalid_input", "harvester.same_host", message, {
    errors: [{ pointer: "/host", code: "same_host", message }],
  });
}

function cannotChoose() {
  const message = "This version of Harvester cannot be told where a machine goes. Migrate without a host.";
  return problem("invalid_input", "harvester.host_not_chosen", message, {
    errors: [{ pointer: "/host", code: "not_supported", message }],
  });
}
