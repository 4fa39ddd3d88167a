import { spread } from "../machines/guest.rules.ts";

const circle = 2 * Math.PI;

/** A number that swings about a middle: the same for the same name and instant. */
export interface Wave {
  readonly middle: number;
  /** How far it goes up and down; at most the middle where it may not fall below zero. */
  readonly swing: number;
  /** Its phase and period come from this. */
  readonly name: string;
}

const periodMs = (name: string) => 1_800_000 + spread(`${name}/period`, 5_400_000);
const phase = (name: string) => (spread(`${name}/phase`, 10_000) / 10_000) * circle;

/** The wave at an instant. */
export function waveAt({ middle, swing, name }: Wave, ms: number): number {
  return middle + swing * Math.sin((circle * ms) / periodMs(name) + phase(name));
}

/** What has come together since an instant, when so much comes each second: the integral of the wave. */
export function grownAt({ middle, swing, name }: Wave, sinceMs: number, ms: number): number {
  const speed = circle / periodMs(name);
  const swung = Math.cos(speed * sinceMs + phase(name)) - Math.cos(speed * ms + phase(name));
  return (middle * (ms - sinceMs) + (swing / speed) * swung) / 1000;
}
