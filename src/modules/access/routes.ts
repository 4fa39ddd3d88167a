import { type Route, route } from "../../http/route.ts";
import { createKey } from "./keys/create-key.ts";
import { getKey } from "./keys/get-key.ts";
import { listKeys } from "./keys/list-keys.ts";
import { revokeKey } from "./keys/revoke-key.ts";
import { rotateKey } from "./keys/rotate-key.ts";
import { updateKey } from "./keys/update-key.ts";
import { createProject } from "./projects/create-project.ts";
import { deleteProject } from "./projects/delete-project.ts";
import { getProject } from "./projects/get-project.ts";
import { listProjects } from "./projects/list-projects.ts";
import { updateProject } from "./projects/update-project.ts";
import { createSession } from "./sessions/create-session.ts";
import { listSigningKeys } from "./sessions/list-signing-keys.ts";
import { refreshSession } from "./sessions/refresh-session.ts";
import { revokeSessions } from "./sessions/revoke-session.ts";
import { bootstrapTenant } from "./tenants/bootstrap-tenant.ts";
import { getMe } from "./tenants/get-me.ts";
import { getTenant } from "./tenants/get-tenant.ts";
import { updateTenant } from "./tenants/update-tenant.ts";
import { changePassword } from "./users/change-password.ts";
import { createUser } from "./users/create-user.ts";
import { deleteUser } from "./users/delete-user.ts";
import { getUser } from "./users/get-user.ts";
import { listUsers } from "./users/list-users.ts";
import { resetPassword } from "./users/reset-password.ts";
import { updateUser } from "./users/update-user.ts";

export const accessRoutes: readonly Route[] = [
  route(bootstrapTenant, "POST", "/v1/tenants:bootstrap", { status: 201 }),
  route(getTenant, "GET", "/v1/tenants/{id}"),
  route(updateTenant, "PATCH", "/v1/tenants/{id}"),
  route(getMe, "GET", "/v1/me"),
  route(changePassword, "POST", "/v1/me:changePassword"),
  route(createSession, "POST", "/v1/sessions", { status: 201 }),
  route(refreshSession, "POST", "/v1/sessions:refresh"),
  route(revokeSessions, "POST", "/v1/sessions:revoke"),
  route(listSigningKeys, "GET", "/.well-known/jwks.json"),
  route(createProject, "POST", "/v1/projects", { status: 201 }),
  route(listProjects, "GET", "/v1/projects"),
  route(getProject, "GET", "/v1/projects/{id}"),
  route(updateProject, "PATCH", "/v1/projects/{id}"),
  route(deleteProject, "DELETE", "/v1/projects/{id}"),
  route(createUser, "POST", "/v1/users", { status: 201 }),
  route(listUsers, "GET", "/v1/users"),
  route(getUser, "GET", "/v1/users/{id}"),
  route(updateUser, "PATCH", "/v1/users/{id}"),
  route(deleteUser, "DELETE", "/v1/users/{id}"),
  route(resetPassword, "POST", "/v1/users/{id}:resetPassword"),
  route(createKey, "POST", "/v1/keys", { status: 201 }),
  route(listKeys, "GET", "/v1/keys"),
  route(getKey, "GET", "/v1/keys/{id}"),
  route(updateKey, "PATCH", "/v1/keys/{id}"),
  route(rotateKey, "POST", "/v1/keys/{id}:rotate"),
  route(revokeKey, "POST", "/v1/keys/{id}:revoke"),
];
