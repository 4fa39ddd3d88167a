import { canonicalJson } from "../../../kernel/json.ts";

/** An alert or a match, as it was expected or as it is; an expectation may leave out all but labels and word. */
export interface Line {
  readonly labels: Readonly<Record<string, string>>;
  /** The status of an alert; `match`. */
  readonly word: string;
  /** From the start of the test, in milliseconds. */
  readonly at?: number | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

export interface LineDifference {
  readonly missing: string[];
  readonly unexpected: string[];
}

/** Pairs what was expected with what is there; what is left on either side is the difference, as text. */
export function compareLines(expected: readonly Line[], there: readonly Line[]): LineDifference {
  const left = [...there];
  const missing = expected.filter((want) => {
    const at = left.findIndex((has) => fits(want, has));
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
  // What nobody asked for is not shown: it is no difference.
  const asksTime = missing.some(({ at }) => at !== undefined);
  const asksTexts = missing.some(({ annotations }) => annotations !== undefined);
  const unexpected = left.map(({ at, annotations, ...rest }) =>
    lineText({ ...rest, at: asksTime ? at : undefined, annotations: asksTexts ? annotations : undefined }),
  );
  return { missing: missing.map(lineText).sort(), unexpected: unexpected.sort() };
}

function fits(want: Line, has: Line): boolean {
  if (want.word !== has.word || canonicalJson(want.labels) !== canonicalJson(has.labels)) return false;
  if (want.at !== undefined && want.at !== has.at) return false;
  return want.annotations === undefined || canonicalJson(want.annotations) === canonicalJson(has.annotations);
}

function lineText({ labels, word, at, annotations }: Line): string {
  const when = at === undefined ? "" : ` at ${offsetText(at)}`;
  return `${textsOf(labels)} ${word}${when}${annotations === undefined ? "" : ` ${textsOf(annotations)}`}`;
}

function textsOf(texts: Line["labels"]): string {
  const sorted = Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(", ")}}`;
}

const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
  ["ms", 1],
] as const;

/** Milliseconds from the start of a test, as its file writes them. */
export function offsetText(ms: number): string {
  let left = Math.max(0, ms);
  let text = "";
  for (const [unit, size] of units) {
    const n = Math.floor(left / size);
    if (n > 0) text += `${n}${unit}`;
    left -= n * size;
  }
  return text === "" ? "0" : text;
}
