import { pathOf } from "../kube/paths.rules.ts";

export const templatePath = (at: { namespace: string; name?: string }): string =>
  pathOf("harvester", "virtualmachinetemplates", at);
export const versionPath = (at: { namespace: string; name?: string }): string =>
  pathOf("harvester", "virtualmachinetemplateversions", at);

/** What events about them are about. */
export const templateKind = "virtualmachinetemplates";
export const versionKind = "virtualmachinetemplateversions";
