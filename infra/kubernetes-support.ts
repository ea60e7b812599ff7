/** Minor versions that the platform's pinned controllers are built and tested for, oldest first. */
export const supportedMinors: readonly string[] = ["1.34", "1.35", "1.36", "1.37"];
