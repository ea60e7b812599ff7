const LIMIT = 400 * 1024 * 1024;

/** The engine sends whole states in one message: gRPC's default of 4 MiB is not enough. */
export const MESSAGE_OPTIONS = { "grpc.max_receive_message_length": LIMIT, "grpc.max_send_message_length": LIMIT };
