/** What stands under a name in an object whose shape nobody promised. */
export type Fields = Record<string, unknown>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value as an object; an empty one when it is none. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

/** Follows names and indexes; undefined where the path ends early. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let here = value;
  for (const step of path) {
    if (Array.isArray(here) && typeof step === "number") here = here[step];
    else if (isFields(here) && typeof step === "string") here = here[step];
    else return undefined;
  }
  return here;
}

export function textAt(value: unknown, ...path: readonly (string | number)[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === "string" && found !== "" ? found : undefined;
}

export function numberAt(value: unknown, ...path: readonly (string | number)[]): number | undefined {
  const found = at(value, ...path);
  return typeof found === "number" && Number.isFinite(found) ? found : undefined;
}

export function flagAt(value: unknown, ...path: readonly (string | number)[]): boolean {
  return at(value, ...path) === true;
}

/** The objects of a list; other items are left out. */
export function itemsAt(value: unknown, ...path: readonly (string | number)[]): Fields[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.filter(isFields) : [];
}

export function fieldsAt(value: unknown, ...path: readonly (string | number)[]): Fields {
  return fieldsOf(at(value, ...path));
}

/** The texts of an object: labels, annotations, selectors. */
export function textsAt(value: unknown, ...path: readonly (string | number)[]): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, text] of Object.entries(fieldsAt(value, ...path)))
    if (typeof text === "string") texts[name] = text;
  return texts;
}

/** JSON written into a text field, as settings and annotations carry it; undefined when it is none. */
export function parsedText(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
