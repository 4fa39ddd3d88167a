import { defineOperation } from "../../../../kernel/operation.ts";
import { conditionOf } from "../../kube/fields.rules.ts";
import { orHidden } from "../../kube/or-hidden.ts";
import { machineKind, mustTake, orderPath } from "../../machines/find-machine.ts";
import { readRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf } from "../../settle.ts";
import { NamedRef } from "../../words.ts";
import { guestOf } from "../read-guest.rules.ts";
import { Guest } from "../schemas.ts";

export const getGuest = defineOperation({
  action: "harvester.guest.get",
  effect: "read",
  scope: "clusters:read",
  summary: "Say what the guest agent of a virtual machine tells: system, addresses, file systems, users",
  input: NamedRef,
  output: Guest,
  raises: [...readRaises, "conflict"],
  resource: (at) => entityOf(at, machineKind),
  async run(ctx, at) {
    const kube = await openNamespace(ctx, at.id, at.namespace);
    const found = await mustTake(kube, at, "console");
    const hasAgent = conditionOf(found?.instance, "AgentConnected")?.status === "True";
    const ask = (what: string) => kube.ask("GET", orderPath("virtualmachineinstances", at, what));
    const [system, disks, users] = await Promise.all(
      (hasAgent ? ["guestosinfo", "filesystemlist", "userlist"] : []).map((what) => orHidden(ask(what))),
    );
    return guestOf(found?.instance, {
      system: system?.object,
      fileSystems: disks?.object,
      users: users?.object,
    });
  },
});
