import { shownCallPath } from "../../src/modules/clusters/index.ts";
import type { CallEntry } from "./call-log.ts";
import type { RelayCall } from "./relay-call.ts";

/** What the log says of a call at one point of its way. */
export function entryOf(
  call: RelayCall,
  at: number,
  outcome: CallEntry["outcome"],
  facts: Partial<Pick<CallEntry, "agentId" | "status" | "code" | "durationMs">>,
): CallEntry {
  return {
    commandId: call.commandId,
    at,
    actor: call.actor,
    operation: call.operation,
    driver: call.driver,
    verb: call.method,
    path: shownCallPath(call.path),
    agentId: null,
    status: null,
    code: null,
    durationMs: null,
    ...facts,
    outcome,
  };
}
