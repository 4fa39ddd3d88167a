export { metricCatalogue } from "./catalogue.ts";
export { writeExposition } from "./exposition.rules.ts";
export { recordRequest } from "./record-request.ts";
