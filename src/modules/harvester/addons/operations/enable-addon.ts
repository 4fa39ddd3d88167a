import { defineOperation } from "../../../../kernel/operation.ts";
import { writeRaises } from "../../raises.ts";
import { entityOf } from "../../settle.ts";
import { doneOf, NamedRef } from "../../words.ts";
import { Addon } from "../schemas.ts";
import { switchAddon } from "../switch-addon.ts";

export const enableAddon = defineOperation({
  action: "harvester.addon.enable",
  effect: "write",
  scope: "clusters:admin",
  summary: "Switch an add-on on; the cluster deploys it",
  input: NamedRef,
  output: doneOf(Addon),
  raises: writeRaises,
  resource: (at) => entityOf(at, "addons"),
  run: (ctx, at) => switchAddon(ctx, at, true),
});
