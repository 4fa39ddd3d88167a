import * as z from "zod";
import { sha256Json } from "../../../kernel/hash.ts";
import { fieldProblems, problem } from "../../../kernel/problem.ts";
import { jsonOf } from "./body-text.rules.ts";
import type { EventDraft, HttpMessage, ReadEvent } from "./event-draft.ts";
import { parseInstant } from "./instant.rules.ts";

const Texts = z.record(z.string(), z.string()).nullish();

const Alert = z.looseObject({
  status: z.enum(["firing", "resolved"]),
  labels: Texts,
  annotations: Texts,
  startsAt: z.string().refine((text) => parseInstant(text) !== undefined, "Not an RFC 3339 timestamp."),
  endsAt: z.string().nullish(),
  generatorURL: z.string().nullish(),
  fingerprint: z.string().max(200).nullish(),
});
type Alert = z.infer<typeof Alert>;

/** The webhook of Alertmanager (`version` 4) and of Grafana, which adds fields to it. */
const AlertGroup = z.looseObject({
  receiver: z.string().nullish(),
  groupKey: z.string().nullish(),
  groupLabels: Texts,
  commonLabels: Texts,
  commonAnnotations: Texts,
  externalURL: z.string().nullish(),
  alerts: z.array(Alert).min(1),
});

/**
 * The alerts of an Alertmanager or Grafana webhook, each as one event `<kind>.alert.firing` or `.resolved`. Its id is the
 * fingerprint and a hash of what the alert says: the same said again is a duplicate, a change is not.
 * @throws malformed_request `sources.malformed`
 */
export async function readAlerts(
  kind: "alertmanager" | "grafana",
  message: HttpMessage,
  sourceId: string,
): Promise<readonly ReadEvent[]> {
  const parsed = z.safeParse(AlertGroup, jsonOf(message.body));
  if (!parsed.success) {
    const errors = fieldProblems(parsed.error);
    throw problem("malformed_request", "sources.malformed", errors[0]?.message ?? "Not a list of alerts.", {
      errors,
    });
  }
  const { alerts, ...group } = parsed.data;
  return Promise.all(
    alerts.map(async (alert, index) => ({
      draft: await draftOf(kind, alert, group, sourceId),
      dataAt: `/alerts/${index}`,
    })),
  );
}

async function draftOf(
  kind: string,
  alert: Alert,
  group: Pick<z.infer<typeof AlertGroup>, "receiver" | "groupKey" | "groupLabels" | "externalURL">,
  sourceId: string,
): Promise<EventDraft> {
  const labels = alert.labels ?? {};
  const fingerprint = alert.fingerprint || (await sha256Json(labels)).slice(0, 16);
  const ended = alert.status === "resolved" ? endOf(alert) : undefined;
  const said = await sha256Json({
    status: alert.status,
    labels,
    annotations: alert.annotations ?? {},
    startsAt: alert.startsAt,
    endsAt: ended ?? null,
    values: alert.values ?? null,
  });
  const name = labels.alertname;
  return {
    id: `${fingerprint}.${said.slice(0, 24)}`,
    source: sourceUri(group.externalURL) ?? `/sources/${sourceId}`,
    type: `${kind}.alert.${alert.status}`,
    time: ended ?? parseInstant(alert.startsAt) ?? null,
    ...(name ? { subject: name.slice(0, 2048) } : {}),
    datacontenttype: "application/json",
    data: {
      ...alert,
      labels,
      annotations: alert.annotations ?? {},
      fingerprint,
      receiver: group.receiver ?? null,
      groupKey: group.groupKey ?? null,
      groupLabels: group.groupLabels ?? {},
      externalURL: group.externalURL ?? null,
    } as unknown as NonNullable<EventDraft["data"]>,
  };
}

/** Both write the year 1 for an alert that has not ended. */
function endOf({ endsAt }: Alert): number | undefined {
  const at = endsAt ? parseInstant(endsAt) : undefined;
  return at !== undefined && at > 0 ? at : undefined;
}

function sourceUri(text: string | null | undefined): string | undefined {
  return text && text.length <= 2048 && URL.canParse(text) ? text : undefined;
}
