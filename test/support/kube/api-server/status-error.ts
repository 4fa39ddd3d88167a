import type { Kind, Status } from "../words.ts";

/** One violation of an object, as `details.causes` lists it. */
export interface Cause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

/** A refusal of the API: thrown by whatever decides, answered as its Status. */
export class StatusError extends Error {
  readonly status: Status;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: Status, headers: Readonly<Record<string, string>> = {}) {
    super(status.message);
    this.status = status;
    this.headers = headers;
  }
}

/** Any refusal: `refuse(409, "Conflict", "…", { name })`. */
export function refuse(
  code: number,
  reason: string,
  message: string,
  details?: Readonly<Record<string, unknown>>,
): StatusError {
  const status: Status = {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    reason,
    ...(details ? { details } : {}),
    code,
  };
  const wait = details?.["retryAfterSeconds"];
  return new StatusError(status, wait === undefined ? {} : { "retry-after": String(wait) });
}

/** `pods`, `virtualmachines.kubevirt.io`: how messages name a resource. */
export function resourceName(kind: Kind): string {
  return kind.group === "" ? kind.plural : `${kind.plural}.${kind.group}`;
}

function about(kind: Kind, name: string | undefined): Record<string, unknown> {
  return {
    ...(name ? { name } : {}),
    ...(kind.group === "" ? {} : { group: kind.group }),
    kind: kind.plural,
  };
}

export function notFound(kind: Kind, name: string): StatusError {
  return refuse(404, "NotFound", `${resourceName(kind)} "${name}" not found`, about(kind, name));
}

export function alreadyExists(kind: Kind, name: string): StatusError {
  return refuse(409, "AlreadyExists", `${resourceName(kind)} "${name}" already exists`, about(kind, name));
}

const MODIFIED =
  "the object has been modified; please apply your changes to the latest version and try again";

export function conflict(kind: Kind, name: string, why: string = MODIFIED): StatusError {
  const message = `Operation cannot be fulfilled on ${resourceName(kind)} "${name}": ${why}`;
  return refuse(409, "Conflict", message, about(kind, name));
}

/** 422 with every violation in the message and in `details.causes`. */
export function invalid(kind: Kind, name: string, causes: readonly Cause[]): StatusError {
  const said = causes.map(({ field, message }) => `${field}: ${message}`);
  const why = said.length === 1 ? said.join() : `[${said.join(", ")}]`;
  const typeName = kind.group === "" ? kind.kind : `${kind.kind}.${kind.group}`;
  return refuse(422, "Invalid", `${typeName} "${name}" is invalid: ${why}`, {
    ...about(kind, name),
    kind: kind.kind,
    causes,
  });
}

/** 403 of an admission plug-in: `pods "x" is forbidden: <why>`. */
export function forbidden(kind: Kind, name: string | undefined, why: string): StatusError {
  const what = name ? `${resourceName(kind)} "${name}"` : resourceName(kind);
  return refuse(403, "Forbidden", `${what} is forbidden: ${why}`, about(kind, name));
}

export function badRequest(message: string): StatusError {
  return refuse(400, "BadRequest", message);
}

export function methodNotAllowed(): StatusError {
  return refuse(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
}

export function unknownPath(): StatusError {
  return refuse(404, "NotFound", "the server could not find the requested resource", {});
}

export function unauthorized(): StatusError {
  return refuse(401, "Unauthorized", "Unauthorized");
}

export function expired(message: string): StatusError {
  return refuse(410, "Expired", message);
}
