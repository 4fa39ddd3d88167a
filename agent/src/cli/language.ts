export const languages = ["en", "ko"] as const;
export type Language = (typeof languages)[number];

/** `--lang` wins over MARU_LANG, which wins over the locale of the environment (POSIX order). */
export function chooseLanguage(
  asked: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Language {
  const locale = asked || env["MARU_LANG"] || env["LC_ALL"] || env["LC_MESSAGES"] || env["LANG"] || "en";
  return /^ko(?:[-_.@]|$)/i.test(locale) ? "ko" : "en";
}
