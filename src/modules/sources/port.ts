import type { EventsPort } from "../../kernel/ports/events.ts";

/** What one request may take of its source's allowance. */
export interface IntakeGrant {
  readonly allowed: boolean;
  readonly retryAfterMs: number;
}

/** Counts what a source lets in. */
export interface IntakePort {
  /** Takes one request from the `perMinute` of a source. */
  take(tenantId: string, sourceId: string, perMinute: number, now: number): Promise<IntakeGrant>;
}

declare module "../../kernel/ports/ports.ts" {
  interface Ports {
    readonly events: EventsPort;
    readonly intake: IntakePort;
  }
}
