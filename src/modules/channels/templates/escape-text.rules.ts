/**
 * How a channel reads text. `plain`: as it is. `html`: e-mail, and Telegram in its HTML mode. `slack`: mrkdwn.
 * `markdown`: Discord, Teams, ntfy. `json`: inside a JSON string.
 */
export type TextFormat = "plain" | "html" | "slack" | "markdown" | "json";

const html: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A value's text without what would be a tag, a mention or a link for the channel. */
export function escapeText(text: string, format: TextFormat): string {
  if (format === "html") return text.replace(/[&<>"']/g, (sign) => html[sign] ?? sign);
  if (format === "slack") return text.replace(/[&<>]/g, (sign) => html[sign] ?? sign);
  if (format === "markdown")
    return text.replace(/([\\`*_{}[\]()#+!|~<>-])/g, "\\$1").replace(/@(?=everyone|here)/g, "@\u200b");
  if (format === "json") return JSON.stringify(text).slice(1, -1);
  return text;
}
