import type { EwmaModel } from "./ewma.rules.ts";
import type { MadModel } from "./mad.rules.ts";
import type { SeasonalModel } from "./seasonal.rules.ts";

/** What a dynamic threshold has learnt, and which of the latest points lay outside. Plain JSON. */
export interface BandModel {
  ewma?: EwmaModel;
  mad?: MadModel;
  seasonal?: SeasonalModel;
  /** Latest points: when, and 1 where outside. */
  outside: [at: number, outside: 0 | 1][];
}

/** The expected middle and how far from it a value may lie. */
export interface Band {
  readonly middle: number;
  readonly lower: number;
  readonly upper: number;
  /** How far the value is, in the unit of the threshold's score. */
  readonly score: number;
}
