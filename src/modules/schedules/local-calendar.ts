/**
 * A recurrence on a wall clock, without zones. Local times are whole seconds, written in ms as the instant at which a
 * clock at UTC shows them.
 */
export interface LocalCalendar {
  /** The first local time of the recurrence that is not before `from`; null when there is none in sight. */
  nextFrom(from: number): number | null;
  /** The last local time of the recurrence that is not after `to`; null when there is none in sight. */
  lastUpTo(to: number): number | null;
  /** Whether a local time that clocks show twice is due twice. */
  readonly repeats: boolean;
}
