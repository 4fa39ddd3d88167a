import { StatusError } from "../../api-server/status-error.ts";
import type { AccessQuestion, KubeObject, SimRequest, SimResponse, World } from "../../words.ts";
import { type Fields, fieldsOf, isFields, textAt } from "../machines/fields.ts";
import { ActionFault, invalidBody } from "./action-fault.ts";
import { kubePath, type SteveType } from "./steve-types.ts";

/** One action on one object. */
export interface Asked {
  readonly request: SimRequest;
  readonly world: World;
  readonly type: SteveType;
  readonly namespace: string;
  readonly name: string;
  /** As it was when the action was asked for. */
  readonly object: KubeObject;
}

/** What an action answers; nothing stands for 204. */
export type ActionAnswer = SimResponse | undefined;

export type Action = (asked: Asked) => Promise<ActionAnswer> | ActionAnswer;

/** Whether the roles of who asks allow it. */
export function isAllowed(request: SimRequest, question: AccessQuestion): boolean {
  try {
    request.mustBeAllowed(question);
    return true;
  } catch (error) {
    if (error instanceof StatusError) return false;
    throw error;
  }
}

/** The body of an action. @throws ActionFault 422 */
export async function inputOf({ request }: Pick<Asked, "request">): Promise<Fields> {
  const text = Buffer.from(await request.body()).toString();
  try {
    const parsed: unknown = JSON.parse(text);
    if (isFields(parsed)) return parsed;
    throw new SyntaxError("json: cannot unmarshal into an object");
  } catch (error) {
    const why = text === "" ? "EOF" : error instanceof Error ? error.message : String(error);
    throw invalidBody(`Failed to decode request body: ${why}`);
  }
}

/** The texts of these names. @throws ActionFault 422 when one is missing */
export function mustHave<T extends string>(
  input: Fields,
  names: readonly T[],
  why: string,
): Record<T, string> {
  const found = names.map((name) => [name, textAt(input, name)] as const);
  if (found.some(([, text]) => text === undefined)) throw invalidBody(why);
  return Object.fromEntries(found) as Record<T, string>;
}

/** Asks the Kubernetes API as the same user; what it refuses becomes the action's own refusal. */
export async function kube(
  { request }: Pick<Asked, "request">,
  method: string,
  path: string,
  body?: unknown,
  contentType?: string,
): Promise<Fields> {
  const answer = await request.call({
    method,
    path,
    ...(body === undefined ? {} : { body }),
    ...(contentType === undefined ? {} : { contentType }),
  });
  if (answer.status >= 400) {
    throw new ActionFault(answer.status, textAt(answer.body, "message") ?? `${method} ${path} failed`);
  }
  return fieldsOf(answer.body);
}

/** Changes the object that the action is about by a merge patch. */
export async function patch(asked: Asked, change: Fields): Promise<void> {
  const { type, namespace, name } = asked;
  await kube(asked, "PATCH", kubePath(type.kind, namespace, name), change, "application/merge-patch+json");
}

/** Replaces the object that the action is about by what an edit makes of it. */
export async function rewrite(asked: Asked, edit: (object: KubeObject) => void): Promise<void> {
  const { type, namespace, name, object } = asked;
  const next = structuredClone(object);
  edit(next);
  await kube(asked, "PUT", kubePath(type.kind, namespace, name), next);
}

/** Makes an object by the Kubernetes API. */
export function create(
  asked: Pick<Asked, "request">,
  type: Pick<SteveType, "kind">,
  namespace: string | undefined,
  metadata: Fields,
  body: Fields,
): Promise<Fields> {
  const { kind } = type;
  return kube(asked, "POST", kubePath(kind, namespace), {
    apiVersion: kind.group === "" ? kind.version : `${kind.group}/${kind.version}`,
    kind: kind.kind,
    metadata: { ...metadata, ...(namespace === undefined ? {} : { namespace }) },
    ...body,
  });
}
