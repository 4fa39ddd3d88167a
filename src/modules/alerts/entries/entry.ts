import type {
  NamedPolicy,
  NotificationPreferences,
  OnCallDraft,
  SavedOverride,
  Team,
} from "../../../../contracts/on-call.ts";

/** What is written down about whom to wake, beside the routing. A person's preferences have the user's id. */
export interface EntryBodies {
  readonly policy: NamedPolicy;
  readonly schedule: OnCallDraft & { readonly overrides: SavedOverride[] };
  readonly team: Team;
  readonly person: NotificationPreferences;
}

export type EntryKind = keyof EntryBodies;

/** One of them as it is kept. Instants are epoch milliseconds. */
export interface Entry<K extends EntryKind = EntryKind> {
  readonly kind: K;
  readonly id: string;
  readonly version: number;
  readonly body: EntryBodies[K];
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly updatedBy: string;
}

/** As people read it. */
export const entryNames: Readonly<Record<EntryKind, string>> = {
  policy: "escalation policy",
  schedule: "on-call schedule",
  team: "team",
  person: "person",
};
