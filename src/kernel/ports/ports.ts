import type { BlobPort } from "./blob.ts";
import type { CipherPort } from "./cipher.ts";
import type { MeterPort } from "./meter.ts";

/** What operations reach beyond the database, each with a real adapter and a twin. Modules add theirs here. */
export interface Ports {
  readonly blobs: BlobPort;
  readonly cipher: CipherPort;
  readonly meter: MeterPort;
}
