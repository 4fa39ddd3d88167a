import { defineOperation } from "../../../../kernel/operation.ts";
import { writeRaises } from "../../raises.ts";
import { entityOf } from "../../settle.ts";
import { doneOf } from "../../words.ts";
import { mustConfirm } from "../addon.rules.ts";
import { Addon, DisableAddon } from "../schemas.ts";
import { switchAddon } from "../switch-addon.ts";

export const disableAddon = defineOperation({
  action: "harvester.addon.disable",
  effect: "write",
  scope: "clusters:admin",
  summary: "Switch an add-on off; its name confirms it",
  input: DisableAddon,
  output: doneOf(Addon),
  raises: writeRaises,
  resource: ({ id, namespace, name }) => entityOf({ id, namespace, name }, "addons"),
  async run(ctx, { confirm, ...at }) {
    mustConfirm(at.name, confirm);
    return switchAddon(ctx, at, false);
  },
});
