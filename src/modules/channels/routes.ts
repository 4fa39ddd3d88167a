import { type Route, route } from "../../http/route.ts";
import { createChannel } from "./operations/create-channel.ts";
import { deleteChannel } from "./operations/delete-channel.ts";
import { getChannel } from "./operations/get-channel.ts";
import { getDelivery } from "./operations/get-delivery.ts";
import { listChannels } from "./operations/list-channels.ts";
import { listDeliveries } from "./operations/list-deliveries.ts";
import { previewChannel } from "./operations/preview-channel.ts";
import { resendDelivery } from "./operations/resend-delivery.ts";
import { testChannel } from "./operations/test-channel.ts";
import { updateChannel } from "./operations/update-channel.ts";

export const channelRoutes: readonly Route[] = [
  route(createChannel, "POST", "/v1/channels", { status: 201 }),
  route(listChannels, "GET", "/v1/channels"),
  route(getChannel, "GET", "/v1/channels/{id}"),
  route(updateChannel, "PATCH", "/v1/channels/{id}"),
  route(deleteChannel, "DELETE", "/v1/channels/{id}"),
  route(testChannel, "POST", "/v1/channels/{id}:test"),
  route(previewChannel, "POST", "/v1/channels/{id}:preview"),
  route(listDeliveries, "GET", "/v1/deliveries"),
  route(getDelivery, "GET", "/v1/deliveries/{id}"),
  route(resendDelivery, "POST", "/v1/deliveries/{id}:resend"),
];
