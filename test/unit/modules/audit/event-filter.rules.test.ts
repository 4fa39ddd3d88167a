import { expect, it } from "vitest";
import { eventFilter, refusePartialView } from "../../../../src/modules/audit/event-filter.rules.ts";

it("reads a trailing dot or star as the beginning of an action, and a trailing colon as a type", () => {
  expect(eventFilter({ action: "a.b.", resource: "thing:" }, {})).toEqual({
    action: "a.b",
    resource: "thing",
  });
  expect(eventFilter({ action: "a.b.*", resource: "thing:*" }, {})).toEqual({
    action: "a.b",
    resource: "thing",
  });
  expect(eventFilter({ action: "a.b", resource: "thing:1" }, {})).toEqual({
    action: "a.b",
    resource: "thing:1",
  });
});

it("never looks beyond the projects of the caller", () => {
  const caller = { projectIds: ["prj_1", "prj_2"] };
  expect(eventFilter({}, caller)).toEqual({ projectIds: ["prj_1", "prj_2"] });
  expect(eventFilter({ projectId: "prj_2" }, caller)).toEqual({ projectIds: ["prj_2"] });
  expect(eventFilter({ projectId: "prj_3" }, caller)).toEqual({ projectIds: [] });
  expect(eventFilter({ projectId: "prj_3" }, {})).toEqual({ projectIds: ["prj_3"] });
  const many = { projectIds: Array.from({ length: 91 }, (_, i) => `prj_${i}`) };
  expect(() => eventFilter({}, many)).toThrow("audit.project_needed");
});

it("refuses to verify for somebody who sees some projects only", () => {
  expect(() => refusePartialView({ projectIds: [] })).toThrow("audit.whole_tenant");
  expect(() => refusePartialView({})).not.toThrow();
});
