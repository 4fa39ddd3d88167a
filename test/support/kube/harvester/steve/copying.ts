import type { KubeObject } from "../../words.ts";
import { type Fields, fieldsAt, itemsAt } from "../machines/fields.ts";
import { ActionFault, failed } from "./action-fault.ts";

const INTERFACES = ["spec", "template", "spec", "domain", "devices", "interfaces"] as const;

/** What goes wrong inside is told with a few words before it, as 500. */
export async function orFailed<T>(words: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof ActionFault)) throw error;
    throw failed(`${words} ${error.message}`);
  }
}

/** A machine's spec without what belongs to that machine alone. */
export function withoutAddresses(machine: KubeObject): Fields {
  const copy = structuredClone(machine);
  for (const nic of itemsAt(copy, ...INTERFACES)) delete nic["macAddress"];
  return fieldsAt(copy, "spec");
}
