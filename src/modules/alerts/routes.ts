import { type Route, route } from "../../http/route.ts";
import { createOverride } from "./on-call/create-override.ts";
import { createSchedule } from "./on-call/create-schedule.ts";
import { deleteSchedule } from "./on-call/delete-schedule.ts";
import { endOverride } from "./on-call/end-override.ts";
import { getOnCall } from "./on-call/get-on-call.ts";
import { getSchedule } from "./on-call/get-schedule.ts";
import { listSchedules } from "./on-call/list-schedules.ts";
import { updateSchedule } from "./on-call/update-schedule.ts";
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
import { streamAlerts } from "./operations/stream-alerts.ts";
import { unacknowledgeAlert } from "./operations/unacknowledge-alert.ts";
import { updateSilence } from "./operations/update-silence.ts";
import { getPreferences } from "./people/get-preferences.ts";
import { putPreferences } from "./people/put-preferences.ts";
import { createPolicy } from "./policies/create-policy.ts";
import { deletePolicy } from "./policies/delete-policy.ts";
import { getPolicy } from "./policies/get-policy.ts";
import { listPolicies } from "./policies/list-policies.ts";
import { updatePolicy } from "./policies/update-policy.ts";
import { createTeam } from "./teams/create-team.ts";
import { deleteTeam } from "./teams/delete-team.ts";
import { getTeam } from "./teams/get-team.ts";
import { listTeams } from "./teams/list-teams.ts";
import { updateTeam } from "./teams/update-team.ts";

export const alertRoutes: readonly Route[] = [
  route(sendAlerts, "POST", "/v1/alerts"),
  route(listAlerts, "GET", "/v1/alerts"),
  route(streamAlerts, "GET", "/v1/alerts/stream"),
  route(getAlert, "GET", "/v1/alerts/{fingerprint}"),
  route(explainAlert, "GET", "/v1/alerts/{fingerprint}/explanation"),
  route(acknowledgeAlert, "POST", "/v1/alerts/{fingerprint}:acknowledge"),
  route(unacknowledgeAlert, "POST", "/v1/alerts/{fingerprint}:unacknowledge"),
  route(resolveAlert, "POST", "/v1/alerts/{fingerprint}:resolve"),
  route(commentAlert, "POST", "/v1/alerts/{fingerprint}:comment"),
  route(createSilence, "POST", "/v1/silences", { status: 201 }),
  route(listSilences, "GET", "/v1/silences"),
  route(updateSilence, "PATCH", "/v1/silences/{id}"),
  route(endSilence, "POST", "/v1/silences/{id}:end"),
  route(getRouting, "GET", "/v1/routing"),
  route(putRouting, "PUT", "/v1/routing"),
  route(createPolicy, "POST", "/v1/escalation-policies", { status: 201 }),
  route(listPolicies, "GET", "/v1/escalation-policies"),
  route(getPolicy, "GET", "/v1/escalation-policies/{id}"),
  route(updatePolicy, "PUT", "/v1/escalation-policies/{id}"),
  route(deletePolicy, "DELETE", "/v1/escalation-policies/{id}"),
  route(createTeam, "POST", "/v1/teams", { status: 201 }),
  route(listTeams, "GET", "/v1/teams"),
  route(getTeam, "GET", "/v1/teams/{id}"),
  route(updateTeam, "PUT", "/v1/teams/{id}"),
  route(deleteTeam, "DELETE", "/v1/teams/{id}"),
  route(createSchedule, "POST", "/v1/on-call-schedules", { status: 201 }),
  route(listSchedules, "GET", "/v1/on-call-schedules"),
  route(getSchedule, "GET", "/v1/on-call-schedules/{id}"),
  route(updateSchedule, "PUT", "/v1/on-call-schedules/{id}"),
  route(deleteSchedule, "DELETE", "/v1/on-call-schedules/{id}"),
  route(getOnCall, "GET", "/v1/on-call-schedules/{id}/on-call"),
  route(createOverride, "POST", "/v1/on-call-schedules/{id}/overrides", { status: 201 }),
  route(endOverride, "POST", "/v1/on-call-schedules/{id}/overrides/{overrideId}:end"),
  route(getPreferences, "GET", "/v1/users/{userId}/notification-preferences"),
  route(putPreferences, "PUT", "/v1/users/{userId}/notification-preferences"),
];
