import { z } from "zod";

/** Kubernetes names: lower-case letters, digits and dashes. */
export const name = z.string().regex(/^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/, "lower-case letters, digits and dashes");
