import * as z from "zod";
import { defineOperation } from "../../../../kernel/operation.ts";
import { leaveEvent } from "../../leave-event.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf } from "../../settle.ts";
import { machineKind } from "../find-machine.ts";
import { MachineDraft } from "../machine-draft.ts";
import { builtMachines, makeMachines, mustBePossible } from "../make-machine.ts";
import { draftFacts } from "../preflight-facts.ts";
import { machineOf } from "../read-machine.rules.ts";
import { VirtualMachine } from "../schemas.ts";

const Made = z
  .strictObject({
    /** The first of them, and with `count` all. */
    commandId: z.string(),
    object: VirtualMachine,
    machines: z.array(VirtualMachine),
  })
  .meta({ id: "MadeVirtualMachines" });

export const createMachine = defineOperation({
  action: "harvester.vm.create",
  effect: "write",
  scope: "clusters:write",
  summary: "Create virtual machines from an image, a template or volumes; all that were asked for, or none",
  input: MachineDraft,
  output: Made,
  raises: writeRaises,
  resource: ({ id, namespace, name }) => entityOf({ id, namespace, name }, machineKind),
  async run(ctx, draft) {
    // Without the key: an agent would answer a repeat from its journal, though what had been made was taken away since.
    const { idempotency: _, ...unkeyed } = ctx;
    const kube = await openNamespace(unkeyed, draft.id, draft.namespace);
    const facts = await draftFacts(ctx, kube, draft, { room: false });
    mustBePossible(draft, facts);
    const suffix = () => ctx.newId("x").slice(-5);
    const made = await makeMachines(ctx, kube, draft.namespace, builtMachines(draft, facts, suffix));
    const machines = made.map(({ object }) => machineOf(object));
    const [object] = machines;
    const [first] = made;
    if (object === undefined || first === undefined) throw new Error("a draft of no machine");
    await leaveEvent(ctx, entityOf(draft, machineKind), first, {
      after: draft.count === 1 ? object : machines,
    });
    return { commandId: first.commandId, object, machines };
  },
});
