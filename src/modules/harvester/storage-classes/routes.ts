import { type Route, route } from "../../../http/route.ts";
import { listStorageClasses } from "./operations/list-storage-classes.ts";

export const storageClassRoutes: readonly Route[] = [
  route(listStorageClasses, "GET", "/v1/clusters/{id}/storage-classes"),
];
