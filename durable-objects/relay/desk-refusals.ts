import type { Failure } from "../../src/kernel/problem.ts";
import type { RelayCall } from "./relay-call.ts";

/** Nothing was sent: too much is on its way already. */
export function overloaded({ commandId }: RelayCall): Failure {
  const detail = "Too much is on its way to this cluster already. Nothing was sent; try again in a moment.";
  return {
    kind: "unavailable",
    code: "clusters.overloaded",
    detail,
    retryAfterMs: 1000,
    data: { commandId },
  };
}

export function tooLarge({ commandId }: RelayCall): Failure {
  const detail = "Path and headers of the call are too large together. Send less in them.";
  return { kind: "too_large", code: "clusters.too_large", detail, data: { commandId } };
}

export function notQueueable({ commandId }: RelayCall, because: string): Failure {
  return {
    kind: "invalid_input",
    code: "clusters.not_queueable",
    detail: `No agent is connected, and this can't wait for one. ${because}`,
    errors: [{ pointer: "/queueForMs", code: "not_queueable", message: because }],
    data: { commandId },
  };
}

/** A repeat whose first went to an agent that is away now: nobody else can tell what became of it. */
export function firstElsewhere(first: { readonly commandId: string; readonly agentId: string }): Failure {
  return {
    kind: "upstream_failed",
    code: "clusters.outcome_unknown",
    detail: `The same request, ${first.commandId}, was given to the agent ${first.agentId}, which is not connected now. It is not sent again. The log of calls shows its outcome once that agent has told it; to do it all the same, use another Idempotency-Key.`,
    data: { commandId: first.commandId },
  };
}
