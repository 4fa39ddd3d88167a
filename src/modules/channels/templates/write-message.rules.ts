import type { Notification } from "../../../../contracts/alerts.ts";
import type { FieldProblem } from "../../../kernel/problem.ts";
import { defaultTemplate, type MessageKind, type MessageTemplate } from "./default-templates.ts";
import type { TextFormat } from "./escape-text.rules.ts";
import type { Surroundings } from "./filters.rules.ts";
import { messageContext } from "./message-context.rules.ts";
import { parseTemplate } from "./parse-template.rules.ts";
import { renderTemplate } from "./render-template.rules.ts";
import { sampleNotification } from "./sample-notification.ts";

/** A channel's own templates by kind; what is not there is the default. */
export type MessageTemplates = Partial<Readonly<Record<MessageKind, MessageTemplate>>>;

export interface WrittenMessage {
  /** One line, never in mark-up. */
  readonly title: string;
  readonly body: string;
  readonly truncated: boolean;
  /** Paths of the templates that the notification doesn't have. */
  readonly missing: readonly string[];
}

export function messageKind({ kind, status }: Notification): MessageKind {
  return kind === "digest" ? "digest" : status;
}

/**
 * Writes the message about a notification. `format` is how the channel reads the body; the title is plain text. A
 * template that can't be read is replaced by the default, so that a message always goes out.
 */
export function writeMessage(
  notification: Notification,
  templates: MessageTemplates,
  format: TextFormat,
  around: Surroundings,
): WrittenMessage {
  const kind = messageKind(notification);
  const fallback = defaultTemplate(kind, around.locale, format === "html" ? "html" : "text");
  const own = templates[kind] ?? fallback;
  const context = messageContext(notification, around);
  const write = (source: string, other: string, as: TextFormat) => {
    const parsed = parseTemplate(source);
    const nodes = parsed.problems.length > 0 ? parseTemplate(other).nodes : parsed.nodes;
    return renderTemplate(nodes, context, as, around);
  };
  const title = write(own.title, fallback.title, "plain");
  const body = write(own.body, fallback.body, format);
  return {
    title: title.text.replace(/\s+/g, " ").trim().slice(0, 500),
    body: body.text.replace(/\n{3,}/g, "\n\n").trim(),
    truncated: title.truncated || body.truncated,
    missing: [...new Set([...title.missing, ...body.missing])],
  };
}

export type Preview = { readonly message: WrittenMessage } | { readonly problems: readonly FieldProblem[] };

/** A message of a kind as templates would write it, or what is wrong with them; about a sample where none is given. */
export function previewMessage(
  kind: MessageKind,
  templates: MessageTemplates,
  format: TextFormat,
  around: Surroundings,
  notification: Notification = sampleNotification(kind, around.now),
): Preview {
  const problems = templateProblems(templates, "/templates");
  return problems.length > 0
    ? { problems }
    : { message: writeMessage(notification, templates, format, around) };
}

/** What is wrong with a channel's templates, each with a pointer below `at` and the line and column in its message. */
export function templateProblems(templates: MessageTemplates, at: string): FieldProblem[] {
  return Object.entries(templates).flatMap(([kind, template]) =>
    (["title", "body"] as const).flatMap((field) =>
      parseTemplate(template[field]).problems.map(({ line, column, code, message }) => ({
        pointer: `${at}/${kind}/${field}`,
        code,
        message: `Line ${line}, column ${column}: ${message}`,
      })),
    ),
  );
}
