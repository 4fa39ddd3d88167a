import { type AppError, type FieldProblem, problem } from "../../../kernel/problem.ts";
import type { KubeStatus } from "./object.ts";

/** What was asked of the cluster, as a refusal names it. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly commandId: string;
}

/**
 * The problem that an answer of the cluster's API stands for (Kubernetes API conventions, "Response Status Kind").
 * `pointers` says where in the caller's input a field of the object comes from; the longest prefix wins.
 */
export function kubeProblem(
  status: number,
  body: unknown,
  asked: Asked,
  pointers: Readonly<Record<string, string>> = {},
): AppError {
  const said = statusOf(body);
  const denied = denial.exec(said.message)?.[1];
  const detail =
    denied ?? (said.message === "" ? `The cluster answered ${status}.` : said.message.replace(prefix, ""));
  const data = { commandId: asked.commandId, clusterStatus: status, reason: said.reason };
  const errors = fieldsOf(said, pointers);
  const more = errors.length > 0 ? { data, errors } : { data };
  const wait = said.details?.retryAfterSeconds;
  const retry = wait === undefined ? {} : { retryAfterMs: wait * 1000 };
  switch (status) {
    case 400:
      return problem("invalid_input", "harvester.bad_request", detail, more);
    case 401:
      return problem(
        "upstream_failed",
        "harvester.agent_unauthorized",
        "The cluster does not accept the agent's credentials. Run `maru-agent doctor` where the agent runs.",
        { data },
      );
    case 403:
      return said.message.includes("exceeded quota")
        ? problem("limit_reached", "harvester.quota_exceeded", detail, more)
        : problem("forbidden", "harvester.cluster_forbids", detail, more);
    case 404:
      return problem("not_found", "harvester.unknown", detail, { data });
    case 405:
      return problem("conflict", "harvester.not_allowed", detail, more);
    case 409:
      return conflictOf(said, detail, data);
    case 410:
      return problem("gone", "harvester.expired", `${detail} List again and go on from there.`, { data });
    case 413:
      return problem("too_large", "harvester.too_large", detail, { data });
    case 415:
      return problem("internal", "harvester.media_type", detail, { data });
    case 422:
      return problem("invalid_input", "harvester.refused", detail, more);
    case 429:
      return problem("rate_limited", "harvester.cluster_busy", detail, {
        data,
        retryAfterMs: 1000,
        ...retry,
      });
    case 503:
      return problem("unavailable", "harvester.cluster_unavailable", detail, {
        data,
        retryAfterMs: 5000,
        ...retry,
      });
    case 504:
      return problem("timeout", "harvester.cluster_timeout", detail, { data });
    case 500:
      if (denied !== undefined) return problem("conflict", "harvester.denied", detail, more);
      return problem("upstream_failed", "harvester.cluster_failed", detail, more);
    default:
      return problem("upstream_failed", "harvester.cluster_failed", detail, more);
  }
}

/** How Steve begins its messages: `InvalidBodyContent 422: `. */
const prefix = /^[A-Z]\w+ \d{3}: /;

/** A webhook's refusal; Harvester's network webhooks refuse with 500 where others say 422. */
const denial = /^admission webhook "[^"]+" denied the request: ([\s\S]+)$/;

function conflictOf(said: KubeStatus, detail: string, data: Readonly<Record<string, unknown>>): AppError {
  if (said.reason === "AlreadyExists") {
    return problem("conflict", "harvester.name_taken", detail, {
      data,
      errors: [{ pointer: "/name", code: "taken", message: "There is one of this name already." }],
    });
  }
  if (/the object has been modified/.test(said.message)) {
    return problem(
      "conflict",
      "harvester.changed",
      `${detail}${detail.endsWith(".") ? "" : "."} Read it again, look at what changed, and repeat.`,
      { data },
    );
  }
  return problem("conflict", "harvester.wrong_state", detail, { data });
}

function statusOf(body: unknown): KubeStatus {
  if (typeof body !== "object" || body === null)
    return { message: typeof body === "string" ? body.slice(0, 500) : "", reason: "" };
  const { message, reason, code, details, error, errorType } = body as Record<string, unknown>;
  return {
    message: textOf(message, error),
    reason: textOf(reason, code, errorType),
    ...(typeof details === "object" && details !== null
      ? { details: details as NonNullable<KubeStatus["details"]> }
      : {}),
  };
}

/** The first text: Prometheus behind the API's proxy says `error` and `errorType` for message and reason. */
const textOf = (...fields: readonly unknown[]): string =>
  fields.find((field): field is string => typeof field === "string") ?? "";

function fieldsOf(said: KubeStatus, pointers: Readonly<Record<string, string>>): FieldProblem[] {
  return (said.details?.causes ?? []).map(({ field = "", message = "", reason = "invalid" }) => ({
    pointer: pointerOf(field, pointers),
    code: reason,
    message,
  }));
}

/** `spec.running` as the place in the caller's input that it comes from, or as the object's own pointer. */
function pointerOf(field: string, pointers: Readonly<Record<string, string>>): string {
  const known = Object.keys(pointers)
    .filter((prefix) => field === prefix || field.startsWith(`${prefix}.`) || field.startsWith(`${prefix}[`))
    .sort((a, b) => b.length - a.length)[0];
  if (known !== undefined) return pointers[known] ?? "";
  return field === "" ? "" : `/${field.replace(/\[(\d+)\]/g, ".$1").replaceAll(".", "/")}`;
}
