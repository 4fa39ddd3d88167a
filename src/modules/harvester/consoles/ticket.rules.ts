import { type AppError, problem } from "../../../kernel/problem.ts";
import type { TicketRow } from "../tables.ts";

/** How long a ticket may be used. */
export const ticketMs = 60_000;

export interface ConsolePlace {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly kind: "console" | "vnc";
}

/** Why a ticket does not open a console; undefined when it does. Which of its parts is wrong is not told. */
export function refuseTicket(
  row: TicketRow | undefined,
  place: ConsolePlace,
  now: Date,
): AppError | undefined {
  const fits =
    row !== undefined &&
    row.clusterId === place.id &&
    row.namespace === place.namespace &&
    row.machine === place.name &&
    row.kind === place.kind;
  if (fits && row.expiresAt > now) return undefined;
  return ticketRefused();
}

export function ticketRefused(): AppError {
  return problem(
    "unauthenticated",
    "harvester.ticket_refused",
    "The ticket is unknown, used, expired or for another console. Ask for a new one: each opens one console within a minute.",
  );
}
