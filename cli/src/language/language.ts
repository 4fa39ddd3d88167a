export const languages = ["en", "ko"] as const;
export type Language = (typeof languages)[number];

/** A text in every language; the compiler refuses one that is missing. */
export type Text = Readonly<Record<Language, string>>;

/** `--lang` wins over MARU_LANG, which wins over the locale of the environment (POSIX order). */
export function chooseLanguage(
  asked: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Language {
  const locale = asked || env.MARU_LANG || env.LC_ALL || env.LC_MESSAGES || env.LANG || "en";
  return /^ko(?:[-_.@]|$)/i.test(locale) ? "ko" : "en";
}

/** Whether a text names a language of the product. */
export function isLanguage(text: string): text is Language {
  return (languages as readonly string[]).includes(text);
}
