import { describe, expect, it } from "vitest";
import { AppError } from "../../../../../src/kernel/problem.ts";
import { decodeCp949 } from "../../../../../src/modules/datasets/formats/cp949.ts";
import { TextDecoding } from "../../../../../src/modules/datasets/formats/text-decoding.ts";
import { scanUtf8 } from "../../../../../src/modules/datasets/formats/utf8.rules.ts";
import { bytesOf } from "../reading.ts";

/** 똠방각하 펲 햏 가 in code page 949: 8C63 is 똠, BC84 펲, C164 햏; none of them is in EUC-KR. */
const korean = Uint8Array.of(
  0x8c,
  0x63,
  0xb9,
  0xe6,
  0xb0,
  0xa2,
  0xc7,
  0xcf,
  0x20,
  0xbc,
  0x84,
  0xc1,
  0x64,
  0xb0,
  0xa1,
);

function decode(
  bytes: Uint8Array,
  cut: number,
  asked: ConstructorParameters<typeof TextDecoding>[0] = "auto",
) {
  const decoding = new TextDecoding(asked);
  let text = "";
  for (let at = 0; at < bytes.length; at += cut) text += decoding.push(bytes.slice(at, at + cut));
  return { text: text + decoding.end(), encoding: decoding.encoding };
}

function failure(bytes: Uint8Array, asked: ConstructorParameters<typeof TextDecoding>[0] = "auto") {
  try {
    decode(bytes, 7, asked);
  } catch (error) {
    if (error instanceof AppError) return error.failure;
  }
  throw new Error("the bytes were not refused");
}

describe("code page 949", () => {
  it("decodes the syllables beyond EUC-KR", () => {
    expect(decodeCp949(korean).text).toBe("똠방각하 펲햏가");
  });

  it("decodes every Hangul syllable, each from one pair", () => {
    const syllables = new Set<string>();
    let pairs = 0;
    for (let lead = 0x81; lead <= 0xfe; lead++) {
      for (let trail = 0x41; trail <= 0xfe; trail++) {
        const { text, bad } = decodeCp949(Uint8Array.of(lead, trail));
        if (bad !== -1) continue;
        pairs += 1;
        if (text >= "가" && text <= "힣") syllables.add(text);
      }
    }
    expect(syllables.size).toBe(11_172);
    expect(pairs).toBe(17_048);
  });

  it("agrees with the platform's decoder on KS X 1001 and knows the euro sign", () => {
    const bytes = Uint8Array.of(0xb0, 0xa1, 0xca, 0xa1, 0xa4, 0xa1, 0xa2, 0xe6);
    expect(decodeCp949(bytes).text).toBe(`${new TextDecoder("euc-kr").decode(bytes.slice(0, 6))}€`);
  });

  it("is chosen when the text is not UTF-8, however the bytes are cut", () => {
    for (const cut of [1, 2, 3, 5, 100])
      expect(decode(korean, cut)).toEqual({ text: "똠방각하 펲햏가", encoding: "cp949" });
  });
});

describe("the choice of an encoding", () => {
  it("takes UTF-8, tells a byte order mark and drops it", () => {
    expect(decode(bytesOf("가나다 abc"), 1)).toEqual({ text: "가나다 abc", encoding: "utf-8" });
    expect(decode(bytesOf("\ufeff가"), 1)).toEqual({ text: "가", encoding: "utf-8-sig" });
    expect(decode(bytesOf("plain"), 2)).toEqual({ text: "plain", encoding: "utf-8" });
  });

  it("reads UTF-16 with a byte order mark", () => {
    expect(decode(Uint8Array.of(0xff, 0xfe, 0x00, 0xac, 0x41, 0x00), 1)).toEqual({
      text: "가A",
      encoding: "utf-16le",
    });
    expect(decode(Uint8Array.of(0xfe, 0xff, 0xac, 0x00), 1)).toEqual({ text: "가", encoding: "utf-16be" });
  });

  it("never falls back to Latin-1: it refuses with the offset and the line", () => {
    const latin = Uint8Array.of(...bytesOf("ok\ncaf"), 0xe9, ...bytesOf(" noir"));
    const { code, data, detail } = failure(latin);
    expect(code).toBe("datasets.unknown_encoding");
    expect(data).toEqual({ offset: 6, line: 2 });
    expect(detail).toContain("0xE9");
    expect(decode(latin, 3, "latin-1").text).toBe("ok\ncafé noir");
  });

  it("refuses bytes that break the encoding far behind its choice", () => {
    const bytes = Uint8Array.of(...bytesOf(`가${"x".repeat(70_000)}\n`), 0xff, 0x41);
    const { code, data } = failure(bytes);
    expect(code).toBe("datasets.bad_encoding");
    expect(data).toEqual({ offset: 70_004, line: 2 });
  });

  it("refuses a character that is cut off at the end", () => {
    expect(failure(bytesOf("가").slice(0, 2), "utf-8").code).toBe("datasets.bad_encoding");
    expect(failure(Uint8Array.of(0xb0, 0xa1, 0xb0), "cp949").data).toEqual({ offset: 2, line: 1 });
  });

  it("refuses a mark that contradicts the encoding that was asked for", () => {
    expect(failure(bytesOf("\ufeff가"), "cp949").code).toBe("datasets.encoding_mismatch");
  });
});

describe("the scan of UTF-8", () => {
  it("finds overlong forms, surrogates and values beyond Unicode", () => {
    for (const bytes of [
      [0xc0, 0x80],
      [0xe0, 0x80, 0x80],
      [0xed, 0xa0, 0x80],
      [0xf0, 0x80, 0x80, 0x80],
      [0xf4, 0x90, 0x80, 0x80],
      [0x80],
      [0xf8],
      [0xe0, 0xa4, 0x41],
    ]) {
      expect(scanUtf8(Uint8Array.of(0x41, ...bytes)).bad, bytes.join(" ")).toBe(1);
    }
  });

  it("leaves a cut sequence for the next piece", () => {
    expect(scanUtf8(bytesOf("a가").slice(0, 3))).toEqual({ bad: -1, whole: 1 });
    expect(scanUtf8(bytesOf("a가😀")).whole).toBe(8);
  });
});
