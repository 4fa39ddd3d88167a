import { anything, list, object, open, record, type Schema, text, texts } from "./schema-words.ts";

export const flow: Schema = object(
  open({
    match: list(anything),
    filters: list(anything),
    loggingRef: text,
    localOutputRefs: texts,
    globalOutputRefs: texts,
  }),
);

/** Where logs go; each destination is a field of its own. */
export const output: Schema = object(
  open({ loggingRef: text, elasticsearch: anything, loki: anything, syslog: anything, splunkHec: anything }),
);

const receiver = open({ name: text }, "name");

export const alertmanagerConfig: Schema = object(
  record({
    route: open({ receiver: text, groupBy: texts, routes: list(anything) }),
    receivers: list(receiver),
    inhibitRules: list(anything),
    muteTimeIntervals: list(anything),
  }),
);
