import type { OptionSpecs, Values } from "../command.ts";
import type { ReadingChoices } from "../upload-dataset.ts";

/** How an uploaded file is to be read; found out from the file otherwise. */
export const readingOptions = {
  format: {
    type: "string",
    value: "NAME",
    summary: { en: "Format, such as ragas-csv (found out)", ko: "형식, 예: ragas-csv (자동)" },
  },
  encoding: {
    type: "string",
    value: "NAME",
    summary: { en: "Encoding, such as cp949 (found out)", ko: "인코딩, 예: cp949 (자동)" },
  },
  sheet: {
    type: "string",
    value: "NAME",
    summary: { en: "Sheet of a workbook (the first)", ko: "엑셀 시트 (첫 시트)" },
  },
  mapping: {
    type: "string",
    value: "JSON",
    summary: { en: 'Columns by field: {"input":"question"}', ko: '필드별 열 이름: {"input":"질문"}' },
  },
} as const satisfies OptionSpecs;

export function readingOf(options: Values<typeof readingOptions>): ReadingChoices {
  const { format, encoding, sheet, mapping } = options;
  return { format, encoding, sheet, mapping };
}
