/** One field of a cron expression: its bounds, its names, and how many values go round before it starts again. */
export interface CronField {
  readonly name: "second" | "minute" | "hour" | "day of month" | "month" | "weekday";
  readonly first: number;
  readonly last: number;
  /** Length of the circle; 7 for weekdays, although 7 may be written for Sunday. */
  readonly size: number;
  readonly names: readonly string[];
}

const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

export const cronFields = {
  second: { name: "second", first: 0, last: 59, size: 60, names: [] },
  minute: { name: "minute", first: 0, last: 59, size: 60, names: [] },
  hour: { name: "hour", first: 0, last: 23, size: 24, names: [] },
  day: { name: "day of month", first: 1, last: 31, size: 31, names: [] },
  month: { name: "month", first: 1, last: 12, size: 12, names: months },
  weekday: { name: "weekday", first: 0, last: 7, size: 7, names: weekdays },
} as const satisfies Record<string, CronField>;
