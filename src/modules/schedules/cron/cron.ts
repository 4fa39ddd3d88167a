/** A way to pick days of a month by its length and its first weekday. */
export type DayPick =
  | { readonly pick: "days"; readonly days: readonly number[] }
  /** Counted back from the last day, which is 0; `nearest` moves to the nearest Monday to Friday of the month. */
  | { readonly pick: "fromEnd"; readonly back: number; readonly nearest: boolean }
  | { readonly pick: "nearest"; readonly day: number }
  | { readonly pick: "weekdays"; readonly weekdays: readonly number[] }
  | { readonly pick: "nth"; readonly weekday: number; readonly nth: number }
  | { readonly pick: "lastOf"; readonly weekday: number };

/** A cron expression that has been read. Lists are sorted and without repeats; weekdays are 0 Sunday to 6 Saturday. */
export interface Cron {
  readonly seconds: readonly number[];
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly months: readonly number[];
  /** A day matches a field when one of its picks holds it. */
  readonly monthDays: readonly DayPick[];
  readonly weekdays: readonly DayPick[];
  /** Whether a day may match either field; otherwise it must match both. */
  readonly either: boolean;
  /** A wildcard, range or step stands in seconds, minutes or hours: the job runs at intervals, not at fixed times. */
  readonly atIntervals: boolean;
}
