/** What an action of Harvester's API answers when it cannot: a status and a plain text. */
export class ActionFault extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const coded = (code: string, status: number) => (why: string) =>
  new ActionFault(status, `${code} ${status}: ${why}`);

export const invalidBody = coded("InvalidBodyContent", 422);
export const invalidAction = coded("InvalidAction", 405);
export const permissionDenied = coded("PermissionDenied", 403);
export const serverError = coded("ServerError", 500);

/** Whatever went wrong without a code of its own. */
export function failed(why: string): ActionFault {
  return new ActionFault(500, why);
}
