import type { MaintenanceTimes } from "../../../../contracts/schedules.ts";

/** Answers of the calendar that the hub asks: whether times are open at an instant, and when that changes next. */
export interface Calendar {
  isActive(times: MaintenanceTimes, at: number): boolean;
  /** Null: not in the foreseeable future. */
  nextChange(times: MaintenanceTimes, at: number): number | null;
}
