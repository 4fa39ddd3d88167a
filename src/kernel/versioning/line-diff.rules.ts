export interface LineChange {
  readonly op: "same" | "add" | "remove";
  readonly text: string;
}

const mostCells = 4_000_000;

/**
 * What changed between two texts, line by line, by their longest common subsequence. Texts whose middle parts are too
 * large for that are shown as one removal and one addition.
 */
export function lineChanges(before: string, after: string): LineChange[] {
  const a = before.split("\n");
  const b = after.split("\n");
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end])
    end++;
  const same = (text: string): LineChange => ({ op: "same", text });
  const middle = middleChanges(a.slice(start, a.length - end), b.slice(start, b.length - end));
  return [...a.slice(0, start).map(same), ...middle, ...a.slice(a.length - end).map(same)];
}

function middleChanges(a: readonly string[], b: readonly string[]): LineChange[] {
  const width = b.length + 1;
  const removeAll = a.map((text): LineChange => ({ op: "remove", text }));
  const addAll = b.map((text): LineChange => ({ op: "add", text }));
  if (a.length === 0 || b.length === 0 || a.length * b.length > mostCells) return [...removeAll, ...addAll];
  const lengths = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const changes: LineChange[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      changes.push({ op: "same", text: a[i] ?? "" });
      i++;
      j++;
    } else if (i < a.length && (j === b.length || at(i + 1, j) >= at(i, j + 1))) {
      changes.push({ op: "remove", text: a[i++] ?? "" });
    } else {
      changes.push({ op: "add", text: b[j++] ?? "" });
    }
  }
  return changes;
}
