import type { StreamFailure } from "../../../../contracts/relay/command.ts";
import type { Failure } from "../../../kernel/problem.ts";

/** The call that failed, as its failure names it. */
export interface FailedCall {
  readonly commandId: string;
  readonly method: string;
}

/** Whether a call can change nothing, so that it may be repeated. */
export function isRead(method: string): boolean {
  return method === "GET" || method === "HEAD";
}

const kinds: Readonly<Record<StreamFailure["code"], Pick<Failure, "kind" | "code">>> = {
  policy_refused: { kind: "forbidden", code: "clusters.agent_refused" },
  read_only: { kind: "forbidden", code: "clusters.agent_refused" },
  driver_unknown: { kind: "not_found", code: "clusters.unknown_target" },
  signature_invalid: { kind: "upstream_failed", code: "clusters.command_refused" },
  expired: { kind: "upstream_failed", code: "clusters.command_refused" },
  replayed: { kind: "upstream_failed", code: "clusters.command_refused" },
  not_for_this_cluster: { kind: "upstream_failed", code: "clusters.command_refused" },
  body_mismatch: { kind: "upstream_failed", code: "clusters.command_refused" },
  upstream_unreachable: { kind: "upstream_failed", code: "clusters.upstream_failed" },
  certificate_untrusted: { kind: "upstream_failed", code: "clusters.upstream_failed" },
  upstream_broken: { kind: "upstream_failed", code: "clusters.upstream_failed" },
  upstream_timeout: { kind: "timeout", code: "clusters.timeout" },
  too_large: { kind: "too_large", code: "clusters.too_large" },
  overloaded: { kind: "unavailable", code: "clusters.overloaded" },
  cancelled: { kind: "upstream_failed", code: "clusters.relay_lost" },
  protocol: { kind: "upstream_failed", code: "clusters.relay_lost" },
};

/** What a caller is told of a stream that ended without an answer: of a write that may have run, that nobody knows. */
export function failureOf(call: FailedCall, failure: StreamFailure): Failure {
  const data = { commandId: call.commandId, reason: failure.code };
  if (!isRead(call.method) && failure.ran !== "no") return outcomeUnknown(call, failure.detail);
  const known = kinds[failure.code];
  return {
    ...known,
    detail: failure.detail,
    data,
    ...(known.kind === "unavailable" ? { retryAfterMs: 1000 } : {}),
  };
}

/** The link went away under a call that was sent. */
export function linkLost(call: FailedCall): Failure {
  if (!isRead(call.method)) return outcomeUnknown(call, "The connection to the cluster was lost.");
  return {
    kind: "upstream_failed",
    code: "clusters.relay_lost",
    detail: "The connection to the cluster was lost before it answered. Nothing was changed; send it again.",
    data: { commandId: call.commandId },
  };
}

/** Nobody answered in time. */
export function timedOut(call: FailedCall, timeoutMs: number): Failure {
  const after = isRead(call.method)
    ? "Send it again, or with more time."
    : "It may still have been done; the log of calls shows the outcome once it is known.";
  return {
    kind: "timeout",
    code: "clusters.timeout",
    detail: `The cluster did not answer within ${timeoutMs} ms. ${after}`,
    data: { commandId: call.commandId },
  };
}

/** No agent is connected. */
export function offline(call: FailedCall): Failure {
  return {
    kind: "unavailable",
    code: "clusters.offline",
    detail: "No agent of this cluster is connected. Nothing was sent; try again once it is back.",
    retryAfterMs: 5000,
    data: { commandId: call.commandId },
  };
}

/** The system beyond the agent gave no WebSocket. */
export function consoleRefused(call: FailedCall, status: number, said: string): Failure {
  const kind = status === 404 ? "not_found" : status === 403 ? "forbidden" : "upstream_failed";
  return {
    kind,
    code: "clusters.console_refused",
    detail: `The cluster gave no console: ${said === "" ? `status ${status}` : said}`,
    data: { commandId: call.commandId, status },
  };
}

function outcomeUnknown(call: FailedCall, because: string): Failure {
  return {
    kind: "upstream_failed",
    code: "clusters.outcome_unknown",
    detail: `${because} Whether the command was done is not known; it is not sent again by itself. The log of calls shows its outcome once the agent has told it.`,
    data: { commandId: call.commandId },
  };
}
