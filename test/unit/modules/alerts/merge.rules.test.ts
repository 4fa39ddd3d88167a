import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../../src/kernel/random.ts";
import { type Heard, hear } from "../../../../src/modules/alerts/heard.rules.ts";
import { mergeSpans, type Said, type Span } from "../../../../src/modules/alerts/merge.rules.ts";

const open = (startsAt: number): Span => ({ startsAt, endsAt: null, timeout: true });
const ended = (startsAt: number, endsAt: number): Span => ({ startsAt, endsAt, timeout: false });
const said = (span: Span, updatedAt: number, seq = 0): Said => ({ ...span, updatedAt, seq });

describe("mergeSpans", () => {
  it("keeps the earliest start while the spans overlap", () => {
    expect(mergeSpans(open(1100), said(open(1000), 1200))).toMatchObject({ startsAt: 1000, endsAt: null });
    expect(mergeSpans(open(1000), said(open(2000), 2100))).toMatchObject({ startsAt: 1000, endsAt: null });
  });

  it("takes the end that was said, and of two ends the latest", () => {
    const first = mergeSpans(open(1000), said(ended(3000, 4500), 4600));
    expect(first).toEqual(ended(1000, 4500));
    expect(mergeSpans(ended(2900, 4800), said(ended(2900, 4100), 4800))).toEqual(ended(2900, 4800));
    const second = mergeSpans(first, said(ended(2900, 4800), 4800));
    expect(second).toEqual(ended(1000, 4800));
    expect(mergeSpans(second, said(ended(2900, 4100), 4800))).toEqual(ended(1000, 4800));
  });

  it("starts a new span when the alert fires again after its end", () => {
    expect(mergeSpans(ended(1000, 4800), said(open(5300), 5300))).toMatchObject(open(5300));
  });

  it("lets a later end that was said outright outlive a younger word, but not one that only ran out", () => {
    const younger = said({ startsAt: 20, endsAt: 60, timeout: true }, 30);
    expect(mergeSpans(ended(10, 90), younger)).toEqual(ended(10, 90));
    expect(mergeSpans({ startsAt: 10, endsAt: 90, timeout: true }, younger)).toMatchObject({
      startsAt: 10,
      endsAt: 60,
    });
  });
});

describe("hear", () => {
  const words: readonly Said[] = [
    said(open(1000), 1000),
    said(open(900), 1200),
    said(ended(1000, 4500), 4600),
    said(ended(950, 4800), 4800, 1),
    said(open(5300), 5300),
    said(open(5300), 5400),
    said(ended(5300, 5900), 5900),
  ];
  const listen = (list: readonly Said[]) =>
    list.reduce<(Heard & { span?: Span }) | undefined>(
      (heard, word) => hear(heard ?? { base: null, words: [] }, word) ?? heard,
      undefined,
    );

  it("folds words in their order", () => {
    expect(listen(words.slice(0, 4))?.span).toEqual(ended(900, 4800));
    expect(listen(words)?.span).toEqual(ended(5300, 5900));
  });

  it("comes to the same span in whatever order and however often the words arrive", () => {
    const random = seededRandom(11);
    for (let round = 0; round < 300; round += 1) {
      const shuffled = [...words, ...words]
        .map((word) => ({ word, key: random() }))
        .sort((a, b) => a.key - b.key)
        .map(({ word }) => word);
      expect(listen(shuffled)).toEqual(listen(words));
    }
  });

  it("knows a word that it has heard", () => {
    const heard = listen(words.slice(0, 2));
    expect(hear(heard ?? { base: null, words: [] }, words[0] ?? said(open(0), 0))).toBeUndefined();
  });

  it("remembers eight words and refuses one that is older than all of them", () => {
    let heard: Heard & { span?: Span } = { base: null, words: [] };
    for (let n = 1; n <= 20; n += 1) heard = hear(heard, said(open(100 + n), n * 10)) ?? heard;
    expect(heard.words).toHaveLength(8);
    expect(heard.span).toEqual(open(101));
    expect(hear(heard, said(open(1), 5))).toBeUndefined();
  });
});
