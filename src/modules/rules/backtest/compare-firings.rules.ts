import type { BacktestDifference, Firing } from "../../../../contracts/backtest.ts";

/** Firings that the answer names of each kind. */
const named = 200;

/**
 * How the firings of two versions over the same events differ. Those of the same key (of the same labels, where a rule
 * has no key) that begin at the same instant are the same; of the others, those that overlap have moved.
 */
export function compareFirings(before: readonly Firing[], after: readonly Firing[]): BacktestDifference {
  const [old, now] = [byKey(before), byKey(after)];
  const fires: Firing[] = [];
  const firesNoMore: Firing[] = [];
  const moved: { before: Firing; after: Firing }[] = [];
  let same = 0;
  for (const name of new Set([...old.keys(), ...now.keys()])) {
    const paired = pair(old.get(name) ?? [], now.get(name) ?? []);
    same += paired.same;
    fires.push(...paired.fires);
    firesNoMore.push(...paired.firesNoMore);
    moved.push(...paired.moved);
  }
  const counts = { fires: fires.length, firesNoMore: firesNoMore.length, moved: moved.length };
  return {
    same,
    fires: fires.sort(inOrder).slice(0, named),
    firesNoMore: firesNoMore.sort(inOrder).slice(0, named),
    moved: moved.sort((a, b) => inOrder(a.after, b.after)).slice(0, named),
    counts,
  };
}

function pair(before: readonly Firing[], after: readonly Firing[]) {
  const starts = new Map<string, number>();
  for (const { at } of before) starts.set(at, (starts.get(at) ?? 0) + 1);
  const left: Firing[] = [];
  let same = 0;
  for (const firing of after) {
    const count = starts.get(firing.at) ?? 0;
    if (count === 0) left.push(firing);
    else {
      starts.set(firing.at, count - 1);
      same += 1;
    }
  }
  const old = before.filter(({ at }) => {
    const count = starts.get(at) ?? 0;
    if (count > 0) starts.set(at, count - 1);
    return count > 0;
  });
  const fires: Firing[] = [];
  const moved: { before: Firing; after: Firing }[] = [];
  for (const firing of left) {
    const at = old.findIndex((other) => overlap(firing, other));
    const [other] = at === -1 ? [] : old.splice(at, 1);
    if (other === undefined) fires.push(firing);
    else moved.push({ before: other, after: firing });
  }
  return { same, fires, firesNoMore: old, moved };
}

function byKey(firings: readonly Firing[]): Map<string, Firing[]> {
  const found = new Map<string, Firing[]>();
  for (const firing of firings) {
    const { key, labels } = firing;
    const name = JSON.stringify(key.length > 0 ? key : Object.entries(labels).sort());
    const known = found.get(name);
    if (known === undefined) found.set(name, [firing]);
    else known.push(firing);
  }
  return found;
}

const overlap = (a: Firing, b: Firing): boolean =>
  (b.endedAt === null || a.at < b.endedAt) && (a.endedAt === null || b.at < a.endedAt);

function inOrder(a: Firing, b: Firing): number {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  const [x, y] = [JSON.stringify([a.key, a.labels]), JSON.stringify([b.key, b.labels])];
  return x === y ? 0 : x < y ? -1 : 1;
}
