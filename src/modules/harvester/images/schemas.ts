import * as z from "zod";
import {
  Description,
  HttpUrl,
  LabelChanges,
  LabelName,
  Labels,
  NamedField,
  NamespaceField,
  ObjectName,
  QueueForMs,
  ResourceVersion,
} from "../words.ts";

export const ImageState = z.enum(["waiting", "importing", "ready", "failed", "deleting"]);

export const Image = z
  .strictObject({
    namespace: z.string(),
    name: z.string(),
    displayName: z.string().nullable(),
    description: z.string().nullable(),
    source: z.string().nullable(),
    url: z.string().nullable(),
    checksum: z.string().nullable(),
    /** `namespace/name` of the volume or image that it was made from. */
    madeFrom: z.string().nullable(),
    encryption: z.enum(["encrypt", "decrypt"]).nullable(),
    state: ImageState,
    /** 0 to 100. */
    progress: z.number(),
    sizeBytes: z.number().nullable(),
    virtualSizeBytes: z.number().nullable(),
    /** What volumes made from it must have. */
    storageClass: z.string().nullable(),
    failures: z.number(),
    message: z.string().nullable(),
    labels: z.record(z.string(), z.string()),
    createdAt: z.iso.datetime().nullable(),
    resourceVersion: z.string(),
  })
  .meta({ id: "ClusterImage" });
export type Image = z.infer<typeof Image>;

/** Harvester keeps it as a label too. */
const DisplayName = z
  .string()
  .regex(/^[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/, "At most 63 letters, digits, -, _ and dots.");
/** Harvester checks downloads by SHA-512. */
const Checksum = z
  .string()
  .regex(/^[0-9a-fA-F]{128}$/, "The SHA-512 of the file: 128 hexadecimal digits.")
  .transform((text) => text.toLowerCase());

export const CreateImage = z.strictObject({
  ...NamespaceField,
  /** What it is called in the cluster; made up when absent. */
  name: LabelName.optional(),
  displayName: DisplayName,
  description: Description.optional(),
  /** `upload` waits for the file, which `:upload` takes. */
  source: z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("download"),
      url: HttpUrl,
      checksum: Checksum.optional(),
      retries: z.int().min(0).max(10).default(3),
    }),
    z.strictObject({ kind: z.literal("upload") }),
  ]),
  storageClass: ObjectName.optional(),
  labels: Labels.optional(),
  queueForMs: QueueForMs,
});

export const EncryptImage = z.strictObject({
  ...NamedField,
  newName: LabelName.optional(),
  displayName: DisplayName,
  /** Where the copy is kept; the image's namespace when absent. */
  imageNamespace: LabelName.optional(),
  /** One that encrypts, to encrypt; a plain one, to take the encryption off. */
  storageClass: ObjectName,
});

export const CloneImage = z.strictObject({
  ...NamedField,
  newName: LabelName.optional(),
  displayName: DisplayName,
  imageNamespace: LabelName.optional(),
});

export const UpdateImage = z.strictObject({
  ...NamedField,
  resourceVersion: ResourceVersion,
  description: Description.optional(),
  labels: LabelChanges.optional(),
  queueForMs: QueueForMs,
});

export const UploadImage = z.strictObject({
  ...NamedField,
  /** The bytes of the file, when the request does not say its length. */
  size: z.coerce.number().int().positive().optional(),
  fileName: z
    .string()
    .max(200)
    .regex(/^[\w.-]+$/, "Letters, digits, dot, hyphen and underscore.")
    .default("image.img"),
});
