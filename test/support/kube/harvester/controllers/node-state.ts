import type { World } from "../../words.ts";
import { givenUpAt } from "../machines/node.rules.ts";
import { kindIn } from "./kinds.ts";

/** When the guests of a node are given up: at once when it is gone, later when it only does not answer. */
export function nodeLostAt(world: World, name: string): number | undefined {
  const node = world.store.find(kindIn(world, "node"), undefined, name);
  return node === undefined ? world.clock.now() : givenUpAt(node);
}
