import type { SourceKind, SourceMapping } from "../../../../contracts/sources.ts";
import { contentModeOf, readCloudEvents } from "./cloud-events.rules.ts";
import type { HttpMessage, ReadEvent } from "./event-draft.ts";
import { readGithub } from "./github.ts";
import { readAlerts } from "./read-alerts.ts";
import { readGeneric } from "./read-generic.ts";
import { readWebhook } from "./read-webhook.ts";

export interface ReadingSource {
  readonly id: string;
  readonly kind: SourceKind;
  readonly mapping: SourceMapping;
}

/**
 * The events of a request, read as its source speaks. Plain JSON may also come as CloudEvents.
 * @throws malformed_request `sources.malformed`
 */
export async function readEvents(source: ReadingSource, message: HttpMessage): Promise<readonly ReadEvent[]> {
  switch (source.kind) {
    case "cloudevents":
      return readCloudEvents(message);
    case "standard-webhooks":
      return readWebhook(message, source.id);
    case "github":
      return readGithub(message);
    case "alertmanager":
    case "grafana":
      return readAlerts(source.kind, message, source.id);
    case "generic-json":
      return contentModeOf(message.headers) === undefined
        ? readGeneric(message, source.id, source.mapping)
        : readCloudEvents(message);
  }
}
