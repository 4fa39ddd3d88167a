/** What a queue must know of a command. */
export interface QueueCandidate {
  readonly method: string;
  readonly operation: string;
  readonly path: string;
  /** The body as text, where it is small enough to look at. */
  readonly body: string;
}

const destructiveVerbs = /\.(delete|remove|forceStop|powerOff|power|reset|drain|powerAction)$/i;
const destructiveActions =
  /[?&]action=(powerAction|forceStop|restore|remove|delete|reset|enableMaintenanceMode)(&|$)/i;
const powerSubresources = /\/(reset|removevolume)(\?|$)/;

/**
 * Why a command may not wait for an agent, or undefined when it may. What destroys is done now or not at all: by the time
 * an agent is back it may not be wanted any more.
 */
export function refuseToQueue({ method, operation, path, body }: QueueCandidate): string | undefined {
  if (method === "GET" || method === "HEAD") return "A reading has nothing to wait for.";
  if (method === "DELETE" || destructiveVerbs.test(operation))
    return "What deletes or powers off never waits.";
  if (destructiveActions.test(path) || powerSubresources.test(path))
    return "What deletes or powers off never waits.";
  if (/\/stop(\?|$)/.test(path) && /"gracePeriod"\s*:\s*0\b/.test(body)) return "A forced stop never waits.";
  if (/\/virtualmachinerestores(\?|$)/.test(path) && !/"newVM"\s*:\s*true/.test(body))
    return "A restore over what is there never waits.";
  return undefined;
}

/** The object that a command concerns: those on the same one wait for each other. */
export function chainOf(path: string): string {
  return path.split("?")[0] ?? path;
}
