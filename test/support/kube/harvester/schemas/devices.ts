import { anything, bareObject, flag, object, open, record, type Schema, text } from "./schema-words.ts";

export const found: Schema = bareObject({
  spec: anything,
  status: open({ address: text, nodeName: text, description: text, resourceName: text }),
});

export const claim: Schema = object(
  record({ address: text, nodeName: text, userName: text }, "address", "nodeName", "userName"),
);

export const vgpu: Schema = object(
  record({
    address: text,
    enabled: flag,
    nodeName: text,
    parentGPUDeviceAddress: text,
    vGPUTypeName: text,
  }),
);

export const blockDevice: Schema = object(anything);
