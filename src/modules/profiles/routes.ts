import { type Route, route } from "../../http/route.ts";
import { deleteProfile } from "./operations/delete-profile.ts";
import { getProfile } from "./operations/get-profile.ts";
import { listProfiles } from "./operations/list-profiles.ts";
import { putProfile } from "./operations/put-profile.ts";
import { resumeProfile } from "./operations/resume-profile.ts";

export const profileRoutes: readonly Route[] = [
  route(listProfiles, "GET", "/v1/profiles"),
  route(getProfile, "GET", "/v1/profiles/{name}"),
  route(putProfile, "PUT", "/v1/profiles/{name}"),
  route(deleteProfile, "DELETE", "/v1/profiles/{name}"),
  route(resumeProfile, "POST", "/v1/profiles/{name}:resume"),
];
