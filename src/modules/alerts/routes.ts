import { type Route, route } from "../../http/route.ts";
import { acknowledgeAlert } from "./operations/acknowledge-alert.ts";
import { commentAlert } from "./operations/comment-alert.ts";
import { createSilence } from "./operations/create-silence.ts";
import { endSilence } from "./operations/end-silence.ts";
import { explainAlert } from "./operations/explain-alert.ts";
import { getAlert } from "./operations/get-alert.ts";
import { getRouting } from "./operations/get-routing.ts";
import { listAlerts } from "./operations/list-alerts.ts";
import { listSilences } from "./operations/list-silences.ts";
import { putRouting } from "./operations/put-routing.ts";
import { resolveAlert } from "./operations/resolve-alert.ts";
import { sendAlerts } from "./operations/send-alerts.ts";
import { unacknowledgeAlert } from "./operations/unacknowledge-alert.ts";

export const alertRoutes: readonly Route[] = [
  route(sendAlerts, "POST", "/v1/alerts"),
  route(listAlerts, "GET", "/v1/alerts"),
  route(getAlert, "GET", "/v1/alerts/{fingerprint}"),
  route(explainAlert, "GET", "/v1/alerts/{fingerprint}/explanation"),
  route(acknowledgeAlert, "POST", "/v1/alerts/{fingerprint}:acknowledge"),
  route(unacknowledgeAlert, "POST", "/v1/alerts/{fingerprint}:unacknowledge"),
  route(resolveAlert, "POST", "/v1/alerts/{fingerprint}:resolve"),
  route(commentAlert, "POST", "/v1/alerts/{fingerprint}:comment"),
  route(createSilence, "POST", "/v1/silences", { status: 201 }),
  route(listSilences, "GET", "/v1/silences"),
  route(endSilence, "POST", "/v1/silences/{id}:end"),
  route(getRouting, "GET", "/v1/routing"),
  route(putRouting, "PUT", "/v1/routing"),
];
