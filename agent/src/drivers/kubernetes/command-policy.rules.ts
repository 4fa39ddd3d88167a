import type { Command } from "../../../../contracts/relay/command.ts";
import { refuseAddonBody, writesAddon } from "../../policy/addon-body.rules.ts";
import { readKubernetesRequest } from "../../policy/kubernetes-request.rules.ts";
import { type ParsedPath, parsePath, UnsafePath } from "../../policy/path.rules.ts";
import { judge, type PolicyAnswer, refuseLabelledBody } from "../../policy/policy.rules.ts";
import type { Policy } from "../../policy/policy.ts";
import { type PolicyRequest, UnknownRequest } from "../../policy/request.ts";
import { isStevePath, readSteveRequest } from "../../policy/steve-request.rules.ts";
import { holdsMask } from "../../redaction/mask.ts";
import type { Permission } from "../driver.ts";

type Read =
  | {
      readonly ok: true;
      readonly path: ParsedPath;
      readonly request: PolicyRequest;
      readonly answer: PolicyAnswer;
    }
  | { readonly ok: false; readonly detail: string };

/** What a command asks of the cluster, in either dialect, and what the policy says to it. */
export function readCommand(policy: Policy, { path: text, verb }: Command): Read {
  try {
    const path = parsePath(text);
    const request = isStevePath(path) ? readSteveRequest(verb, path) : readKubernetesRequest(verb, path);
    return { ok: true, path, request, answer: judge(policy, request) };
  } catch (error) {
    if (error instanceof UnsafePath || error instanceof UnknownRequest)
      return { ok: false, detail: error.message };
    throw error;
  }
}

/** The same as a permission: bodies are looked into before they go on, but for files that are sent up. */
export function judgeCommand(policy: Policy, command: Command): Permission {
  const read = readCommand(policy, command);
  if (!read.ok) return { allowed: false, code: "policy_refused", detail: read.detail };
  const { answer, request } = read;
  if (!answer.allowed) return answer;
  return {
    allowed: true,
    maxBodyBytes: answer.maxBodyBytes,
    takesPieces: request.kind === "resource" && request.subresource === "upload",
    checkBody: (body) => checkBody(policy, command, request, answer.label, body),
  };
}

function checkBody(
  policy: Policy,
  command: Command,
  request: PolicyRequest,
  label: string | undefined,
  body: Uint8Array,
): string | undefined {
  if (request.kind !== "resource") return undefined;
  const text = new TextDecoder().decode(body);
  if (holdsMask(text)) {
    return "The body holds values that this agent had taken out; written back they would destroy the real ones. Send a patch without them.";
  }
  const json = readJson(text);
  if (writesAddon(request) && !policy.lift.includes("risky-settings")) return refuseAddonBody(json);
  if (label === undefined) return checkOtherNamespace(policy, command, request, json);
  // A server-side apply may create what it names.
  const applies = Object.values(command.headers).some((value) => value.includes("apply-patch"));
  return refuseLabelledBody(applies ? "update" : request.verb, label, json);
}

// An action of Steve may name another namespace in its body than in its path.
function checkOtherNamespace(
  policy: Policy,
  command: Command,
  request: PolicyRequest,
  json: unknown,
): string | undefined {
  if (request.kind !== "resource" || !command.path.startsWith("/v1/") || request.namespace === undefined)
    return undefined;
  const named = typeof json === "object" && json !== null && "namespace" in json ? json.namespace : undefined;
  if (typeof named !== "string" || named === "" || named === request.namespace) return undefined;
  const answer = judge(policy, { ...request, namespace: named });
  return answer.allowed ? undefined : answer.detail;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
