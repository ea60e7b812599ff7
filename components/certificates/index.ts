export { newAuthority, signCertificate } from "./authority";
export type { Authority, SignedCertificate, SigningRequest } from "./authority";
export { DEFAULT_LIFETIME, resolveLifetime } from "./lifetime";
export type { Lifetime } from "./lifetime";
export { ServerCertificate } from "./server";
export type { ServerCertificateArgs } from "./server";
export { WebhookCertificate } from "./webhook";
export type { WebhookCertificateArgs } from "./webhook";
