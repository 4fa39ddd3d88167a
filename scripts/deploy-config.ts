export type Values = Readonly<Record<string, string | undefined>>;

const placeholder = /\$\{([A-Z][A-Z0-9_]*)(?::-([^}]*))?\}/g;
const hyperdriveBlock = /\n\[\[env\.production\.hyperdrive\]\]\n(?:[^\n[][^\n]*\n)*/;

/**
 * Fills the `${NAME}` and `${NAME:-default}` of a wrangler configuration. Without MARU_HYPERDRIVE_ID production has no
 * Hyperdrive binding. Throws one error that names every value that is missing, and refuses what could leave its quotes.
 */
export function renderConfig(source: string, values: Values): string {
  const template = values.MARU_HYPERDRIVE_ID ? source : source.replace(hyperdriveBlock, "\n");
  const missing = new Set<string>();
  const lines = template.split("\n").map((line) => {
    if (line.trimStart().startsWith("#")) return line;
    return line.replaceAll(placeholder, (_, name: string, fallback?: string) => {
      const value = values[name] || fallback;
      if (value === undefined) missing.add(name);
      else if (!/^[\w.,:/*@-]*$/.test(value))
        throw new Error(`${name} has characters that no id or address has.`);
      return value ?? "";
    });
  });
  if (missing.size > 0) throw new Error(`Not set: ${[...missing].join(", ")}. See docs/guides/deploy.md.`);
  return lines.join("\n");
}
