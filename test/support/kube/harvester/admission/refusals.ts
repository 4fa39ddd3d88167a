import { refuse, type StatusError } from "../../api-server/status-error.ts";

/** How the webhooks of one service refuse: the API server puts their name before what they say and keeps code and causes. */
function refusalsOf(webhook: string) {
  const said = (code: number, reason: string, why: string, details?: Readonly<Record<string, unknown>>) =>
    refuse(code, reason, `admission webhook "${webhook}" denied the request: ${why}`, details);
  return {
    /** 422 */
    invalid: (why: string, field: string): StatusError =>
      said(422, "Invalid", why, { causes: [{ reason: "FieldValueInvalid", message: why, field }] }),
    /** 400 */
    badRequest: (why: string): StatusError => said(400, "BadRequest", why),
    /** 405 */
    notAllowed: (why: string): StatusError => said(405, "MethodNotAllowed", why),
    /** 409 */
    conflict: (why: string): StatusError => said(409, "Conflict", why),
    /** 500: what a webhook throws without a code of its own. */
    internal: (why: string): StatusError => said(500, "InternalError", why),
  };
}

export const harvester = refusalsOf("validator.harvesterhci.io");
export const harvesterMutator = refusalsOf("mutator.harvesterhci.io");
export const network = refusalsOf("validator.harvester-system.harvester-network-webhook");
export const networkMutator = refusalsOf("mutator.harvester-system.harvester-network-webhook");
export const kubevirtMachines = refusalsOf("virtualmachine-validator.kubevirt.io");
export const kubevirtMigrations = refusalsOf("migration-create-validator.kubevirt.io");
export const kubevirtMigrationUpdates = refusalsOf("migration-update-validator.kubevirt.io");
export const balancers = refusalsOf("validator.harvester-system.harvester-load-balancer-webhook");
