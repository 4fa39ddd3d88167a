/** The beginning of the minute of an instant, by which intake is counted. */
export const minuteOf = (at: Date): Date => new Date(Math.floor(at.getTime() / 60_000) * 60_000);
