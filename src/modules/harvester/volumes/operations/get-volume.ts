import { defineOperation } from "../../../../kernel/operation.ts";
import { readRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { NamedRef } from "../../words.ts";
import { mustFindVolume } from "../find-volume.ts";
import { Volume } from "../schemas.ts";

export const getVolume = defineOperation({
  action: "harvester.volume.get",
  effect: "read",
  scope: "clusters:read",
  summary: "Show a volume: its size, who has it as a disk, and how its storage is",
  input: NamedRef,
  output: Volume,
  raises: readRaises,
  async run(ctx, { id, namespace, name }) {
    return mustFindVolume(await openNamespace(ctx, id, namespace), { namespace, name });
  },
});
