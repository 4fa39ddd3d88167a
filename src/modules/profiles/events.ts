import type { OutboxMessage } from "../../kernel/context.ts";

/**
 * A profile has changed: the job object must learn what the tenant's profiles allow, and try the provider of this one
 * again if it was paused for credentials, credit or a model.
 */
export const limitsChanged = (profile: string): OutboxMessage => ({
  topic: "limits.changed",
  payload: { profile },
});
