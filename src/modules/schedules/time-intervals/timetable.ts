/** When something holds. Instants are ms UTC. */
export interface Timetable {
  readonly isActive: (at: number) => boolean;
  /** The first instant after `after` at which `isActive` is another than at `after`; null when none is in sight. */
  readonly nextChange: (after: number) => number | null;
}
