/** The only role that the stack of the fixtures lists as an administrator. */
export const ADMIN = "arn:aws:iam::111122223333:role/platform";
