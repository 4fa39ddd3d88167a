import { type Route, route } from "../../../http/route.ts";
import { cancelVolumeExpansion } from "./operations/cancel-volume-expansion.ts";
import { cloneVolume } from "./operations/clone-volume.ts";
import { createVolume } from "./operations/create-volume.ts";
import { deleteVolume } from "./operations/delete-volume.ts";
import { deleteVolumeSnapshot } from "./operations/delete-volume-snapshot.ts";
import { exportVolume } from "./operations/export-volume.ts";
import { getVolume } from "./operations/get-volume.ts";
import { getVolumeSnapshot } from "./operations/get-volume-snapshot.ts";
import { listVolumeSnapshots } from "./operations/list-volume-snapshots.ts";
import { listVolumes } from "./operations/list-volumes.ts";
import { resizeVolume } from "./operations/resize-volume.ts";
import { restoreVolumeSnapshot } from "./operations/restore-volume-snapshot.ts";
import { snapshotVolume } from "./operations/snapshot-volume.ts";

const all = "/v1/clusters/{id}";
const within = "/v1/clusters/{id}/namespaces/{namespace}";

export const volumeRoutes: readonly Route[] = [
  route(listVolumes, "GET", `${all}/volumes`),
  route(createVolume, "POST", `${within}/volumes`, { status: 201 }),
  route(getVolume, "GET", `${within}/volumes/{name}`),
  route(deleteVolume, "DELETE", `${within}/volumes/{name}`),
  route(resizeVolume, "POST", `${within}/volumes/{name}:resize`),
  route(cancelVolumeExpansion, "POST", `${within}/volumes/{name}:cancelExpansion`),
  route(cloneVolume, "POST", `${within}/volumes/{name}:clone`, { status: 201 }),
  route(snapshotVolume, "POST", `${within}/volumes/{name}:snapshot`, { status: 201 }),
  route(exportVolume, "POST", `${within}/volumes/{name}:export`, { status: 201 }),
  route(listVolumeSnapshots, "GET", `${all}/volume-snapshots`),
  route(getVolumeSnapshot, "GET", `${within}/volume-snapshots/{name}`),
  route(deleteVolumeSnapshot, "DELETE", `${within}/volume-snapshots/{name}`),
  route(restoreVolumeSnapshot, "POST", `${within}/volume-snapshots/{name}:restore`, { status: 201 }),
];
