import { problem } from "../../kernel/problem.ts";
import type { DatasetRow } from "./tables.ts";

type Status = DatasetRow["status"];

/** active ⇄ deprecated, both → archived, archived → active. */
const next: Readonly<Record<Status, readonly Status[]>> = {
  active: ["deprecated", "archived"],
  deprecated: ["active", "archived"],
  archived: ["active"],
};

/** A data set in its next status. @throws conflict `datasets.transition_refused` */
export function moveDataset(dataset: DatasetRow, to: Status, now: Date): DatasetRow {
  if (!next[dataset.status].includes(to)) {
    throw problem(
      "conflict",
      "datasets.transition_refused",
      `The data set is ${dataset.status}; it can't become ${to}.`,
      { data: { status: dataset.status, allowed: next[dataset.status] } },
    );
  }
  return { ...dataset, status: to, updatedAt: now, version: dataset.version + 1 };
}

/** Refuses a new version of a data set that isn't active. @throws conflict `datasets.not_active` */
export function mustTakeVersions(dataset: DatasetRow): void {
  if (dataset.status === "active") return;
  throw problem(
    "conflict",
    "datasets.not_active",
    `The data set is ${dataset.status}; activate it before adding a version.`,
    { data: { status: dataset.status } },
  );
}

/** Refuses new work on an archived data set; a deprecated one still works. @throws conflict `datasets.archived` */
export function mustBeUsable(dataset: DatasetRow): void {
  if (dataset.status !== "archived") return;
  throw problem("conflict", "datasets.archived", `The data set "${dataset.name}" is archived.`);
}

/** A data set with another name or description. @throws conflict `datasets.archived` */
export function editDataset(
  dataset: DatasetRow,
  edit: { name?: string | undefined; description?: string | undefined },
  now: Date,
): DatasetRow {
  mustBeUsable(dataset);
  return {
    ...dataset,
    name: edit.name ?? dataset.name,
    description: edit.description ?? dataset.description,
    updatedAt: now,
    version: dataset.version + 1,
  };
}
