import { type ProblemKind, problems } from "../kernel/problem.ts";
import { problemWords } from "./docs-page/problem-words.ts";
import script from "./docs-page/script.html";
import shell from "./docs-page/shell.html";
import style from "./docs-page/style.html";

export interface DocsPage {
  readonly html: string;
  readonly headers: readonly (readonly [string, string])[];
}

let made: DocsPage | undefined;

/**
 * The API reference as one page that reads `/openapi.json` and needs nothing else. Its policy names the hash of its one
 * script and its one style sheet, so nothing that is injected runs.
 */
export async function docsPage(): Promise<DocsPage> {
  made ??= {
    html: shell
      .replace("<!--style-->", () => style.trim())
      .replace("<!--script-->", () => script.trim())
      .replace("<!--problems-->", () => problemList()),
    headers: [
      ["Content-Type", "text/html; charset=utf-8"],
      ["Content-Security-Policy", await policyOf(script, style)],
      ["Cache-Control", "public, max-age=300"],
    ],
  };
  return made;
}

async function policyOf(scriptHtml: string, styleHtml: string): Promise<string> {
  const [scriptHash, styleHash] = await Promise.all([hashOf(scriptHtml), hashOf(styleHtml)]);
  return [
    "default-src 'none'",
    `script-src '${scriptHash}'`,
    `style-src '${styleHash}'`,
    "connect-src 'self'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** The hash of what stands between the tags of an element. */
async function hashOf(element: string): Promise<string> {
  const text = element.slice(element.indexOf(">") + 1, element.lastIndexOf("</"));
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `sha256-${btoa(String.fromCharCode(...new Uint8Array(hash)))}`;
}

function problemList(): string {
  return (Object.keys(problems) as ProblemKind[])
    .map((kind) => {
      const { status, title, retryable } = problems[kind];
      const { en, ko } = problemWords[kind];
      return [
        `<dt id="problem-${kind}" data-kind="${kind}" data-status="${status}"><code>${status} ${kind}</code> ${title} <span class="type">retryable: ${retryable}</span></dt>`,
        `<dd><span lang="en">${en}</span><span lang="ko">${ko}</span></dd>`,
      ].join("");
    })
    .join("\n");
}
