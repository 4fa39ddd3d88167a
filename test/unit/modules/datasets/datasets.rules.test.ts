import { describe, expect, it } from "vitest";
import {
  editDataset,
  moveDataset,
  mustBeUsable,
  mustTakeVersions,
} from "../../../../src/modules/datasets/datasets.rules.ts";
import type { DatasetRow } from "../../../../src/modules/datasets/tables.ts";

const now = new Date("2026-05-01T00:00:00Z");
const dataset = (status: DatasetRow["status"]): DatasetRow => ({
  id: "ds_1",
  tenantId: "ten_1",
  projectId: null,
  name: "d",
  description: "",
  status,
  latestVersion: 1,
  createdBy: "user:a",
  createdAt: new Date(0),
  updatedAt: new Date(0),
  version: 1,
  writeId: "wr_1",
});

describe("the status of a data set", () => {
  const allowed = [
    "active deprecated",
    "active archived",
    "deprecated active",
    "deprecated archived",
    "archived active",
  ];
  const statuses = ["active", "deprecated", "archived"] as const;

  it.each(statuses.flatMap((from) => statuses.map((to) => [from, to] as const)))(
    "from %s to %s",
    (from, to) => {
      const move = () => moveDataset(dataset(from), to, now);
      if (allowed.includes(`${from} ${to}`))
        expect(move()).toMatchObject({ status: to, version: 2, updatedAt: now });
      else expect(move).toThrow("datasets.transition_refused");
    },
  );

  it("decides what may be done", () => {
    expect(() => mustTakeVersions(dataset("active"))).not.toThrow();
    expect(() => mustTakeVersions(dataset("deprecated"))).toThrow("datasets.not_active");
    expect(() => mustBeUsable(dataset("deprecated"))).not.toThrow();
    expect(() => mustBeUsable(dataset("archived"))).toThrow("datasets.archived");
    expect(() => editDataset(dataset("archived"), { name: "x" }, now)).toThrow("datasets.archived");
    expect(editDataset(dataset("active"), { description: "x" }, now)).toMatchObject({
      name: "d",
      description: "x",
      version: 2,
    });
  });
});
