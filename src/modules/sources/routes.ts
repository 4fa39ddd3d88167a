import { type Route, route } from "../../http/route.ts";
import { createSource } from "./operations/create-source.ts";
import { deleteSource } from "./operations/delete-source.ts";
import { getIntake } from "./operations/get-intake.ts";
import { getSource } from "./operations/get-source.ts";
import { listSetAside } from "./operations/list-set-aside.ts";
import { listSources } from "./operations/list-sources.ts";
import { pauseSource } from "./operations/pause-source.ts";
import { replaySetAside } from "./operations/replay-set-aside.ts";
import { resumeSource } from "./operations/resume-source.ts";
import { rotateSourceSecret } from "./operations/rotate-source-secret.ts";
import { updateSource } from "./operations/update-source.ts";

export const sourceRoutes: readonly Route[] = [
  route(createSource, "POST", "/v1/sources", { status: 201 }),
  route(listSources, "GET", "/v1/sources"),
  route(getSource, "GET", "/v1/sources/{id}"),
  route(updateSource, "PATCH", "/v1/sources/{id}"),
  route(deleteSource, "DELETE", "/v1/sources/{id}"),
  route(pauseSource, "POST", "/v1/sources/{id}:pause"),
  route(resumeSource, "POST", "/v1/sources/{id}:resume"),
  route(rotateSourceSecret, "POST", "/v1/sources/{id}:rotateSecret"),
  route(getIntake, "GET", "/v1/sources/{id}/intake"),
  route(listSetAside, "GET", "/v1/sources/{id}/set-aside"),
  route(replaySetAside, "POST", "/v1/sources/{id}/set-aside/{setAsideId}:replay"),
];
