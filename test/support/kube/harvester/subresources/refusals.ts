import { refuse, type StatusError } from "../../api-server/status-error.ts";

const details = (resource: string, name: string) => ({ name, group: "kubevirt.io", kind: resource });

/** 409 in KubeVirt's words. @param resource `virtualmachine` or `virtualmachineinstance` */
export function cannot(resource: string, name: string, why: string): StatusError {
  const message = `Operation cannot be fulfilled on ${resource}.kubevirt.io "${name}": ${why}`;
  return refuse(409, "Conflict", message, details(resource, name));
}

export function noSuch(resource: string, name: string): StatusError {
  return refuse(404, "NotFound", `${resource}.kubevirt.io "${name}" not found`, details(resource, name));
}

export function notSupported(resource: string, name: string, why: string): StatusError {
  return refuse(
    403,
    "Forbidden",
    `${resource}.kubevirt.io "${name}" is forbidden: ${why}`,
    details(resource, name),
  );
}

export function internal(why: string): StatusError {
  return refuse(500, "InternalError", `Internal error occurred: ${why}`, { causes: [{ message: why }] });
}
