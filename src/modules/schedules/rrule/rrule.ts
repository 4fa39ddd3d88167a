/** A weekday (0 Sunday to 6 Saturday), or its nth one in the month or year, from the end when negative; null for each. */
export interface WeekdayPick {
  readonly weekday: number;
  readonly nth: number | null;
}

/** A recurrence rule that has been read, with what its start implies filled in. Lists are sorted. */
export interface Rrule {
  readonly frequency: "DAILY" | "WEEKLY" | "MONTHLY" | "YEARLY";
  readonly interval: number;
  /** DTSTART as a local time in ms. */
  readonly start: number;
  readonly count: number | null;
  /** The last local time that may be due, from an UNTIL without Z. */
  readonly untilLocal: number | null;
  /** The last instant that may be due, from an UNTIL with Z. */
  readonly untilInstant: number | null;
  readonly months: readonly number[];
  readonly monthDays: readonly number[];
  readonly weekdays: readonly WeekdayPick[];
  readonly hours: readonly number[];
  readonly minutes: readonly number[];
  readonly setPositions: readonly number[];
  readonly weekStart: number;
}
