import { deliverQueue } from "./deliver/deliver-queue.ts";
import { deadEventsQueue, eventsQueue } from "./events/events-queues.ts";
import type { QueueDefinition } from "./kit/define-queue.ts";
import { pollQueue } from "./poll/poll-queue.ts";
import { deadQueue } from "./work/dead-queue.ts";
import { workQueues } from "./work/work-queue.ts";

/** Every queue there is. */
export const catalogue: readonly QueueDefinition<unknown>[] = [
  ...workQueues,
  deliverQueue,
  eventsQueue,
  deadEventsQueue,
  pollQueue,
  deadQueue,
];
